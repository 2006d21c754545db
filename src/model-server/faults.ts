import { setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { CallFailure, outOfMemory } from './call-failure.ts';

/** What goes wrong on purpose, for tests and for trying how the consumer copes. */
export type Fault =
  /** Each batch takes so long in addition. */
  | { readonly type: 'slow'; readonly ms: number | ((rows: number) => number) }
  /** Batches fail with this status, all or the next `times`. */
  | {
      readonly type: 'error';
      readonly status: keyof typeof status;
      readonly details: string;
      readonly times?: number;
    }
  /** Calls are taken and never answered. */
  | { readonly type: 'mute' }
  /** Batches of more rows do not fit into memory. */
  | { readonly type: 'out of memory'; readonly aboveRows: number };

/** The faults that hold now. */
export class Faults {
  readonly #closing = new AbortController();
  #active: { readonly fault: Fault; left: number }[] = [];

  /** Replaces all faults; none: all is well again, for calls to come. */
  script(faults: readonly Fault[]): void {
    this.#active = faults.map((fault) => ({
      fault,
      left: fault.type === 'error' ? (fault.times ?? Infinity) : Infinity,
    }));
  }

  /** Does to a batch of so many rows what the faults say. */
  async befall(rows: number): Promise<void> {
    for (const active of this.#active) {
      if (active.left <= 0) continue;
      active.left--;
      await befall(active.fault, rows, this.#closing.signal);
    }
  }

  /** Ends all waiting. */
  close(): void {
    this.#closing.abort();
  }
}

async function befall(fault: Fault, rows: number, signal: AbortSignal): Promise<void> {
  switch (fault.type) {
    case 'slow':
      await delay(typeof fault.ms === 'number' ? fault.ms : fault.ms(rows), undefined, {
        signal,
      });
      return;
    case 'error':
      throw new CallFailure(status[fault.status], fault.details);
    case 'mute':
      await new Promise<never>(() => {});
      return;
    case 'out of memory':
      if (rows > fault.aboveRows) {
        throw outOfMemory(
          `OOM when allocating tensor with shape[${rows},256,256,64] and type float`,
        );
      }
  }
}
