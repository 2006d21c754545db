import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { CallFailure, outOfMemory } from './call-failure.ts';

/** What goes wrong on purpose, for tests and for trying how the consumer copes; for one model, or for all. */
export type Fault = { readonly model?: string } & FaultKind;

type FaultKind =
  /** Each batch takes so long in addition. */
  | { readonly type: 'slow'; readonly ms: number | ((rows: number) => number) }
  /** Batches fail with this status, all or the next `times`. */
  | {
      readonly type: 'error';
      readonly status: keyof typeof status;
      readonly details: string;
      readonly times?: number;
    }
  /** Calls are taken and not answered; they are lost even when the fault ends. */
  | { readonly type: 'mute' }
  /** Batches of more rows do not fit into memory. */
  | { readonly type: 'out of memory'; readonly aboveRows: number };

/** The faults that hold now. */
export class Faults {
  #closed = false;
  #active: { readonly fault: Fault; left: number }[] = [];
  /** Fires when the faults that hold now end. */
  #ending = new AbortController();

  /** Replaces all faults; none: all is well again. Batches that wait because of the old ones go on, or are lost. */
  script(faults: readonly Fault[]): void {
    this.#ending.abort();
    this.#ending = new AbortController();
    this.#active = faults.map((fault) => ({
      fault,
      left: fault.type === 'error' ? (fault.times ?? Infinity) : Infinity,
    }));
  }

  /** Applies the faults to a batch with this number of rows. */
  async befall(rows: number, model: string): Promise<void> {
    const { signal } = this.#ending;
    for (const active of this.#active) {
      if (active.left <= 0 || (active.fault.model ?? model) !== model) continue;
      active.left--;
      await befall(active.fault, rows, signal);
    }
    if (this.#closed) throw lost();
  }

  /** Ends all waiting; batches to come are lost. */
  close(): void {
    this.#closed = true;
    this.#active = [];
    this.#ending.abort();
  }
}

async function befall(fault: Fault, rows: number, ending: AbortSignal): Promise<void> {
  switch (fault.type) {
    case 'slow':
      await slowDown(typeof fault.ms === 'number' ? fault.ms : fault.ms(rows), ending);
      return;
    case 'error':
      throw new CallFailure(status[fault.status], fault.details);
    case 'mute':
      if (!ending.aborted) await once(ending, 'abort');
      throw lost();
    case 'out of memory':
      if (rows > fault.aboveRows) {
        throw outOfMemory(
          `OOM when allocating tensor with shape[${rows},256,256,64] and type float`,
        );
      }
  }
}

async function slowDown(ms: number, ending: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal: ending });
  } catch {
    // The fault has ended, and with it the wait.
  }
}

function lost(): CallFailure {
  return new CallFailure(status.CANCELLED, 'lost');
}
