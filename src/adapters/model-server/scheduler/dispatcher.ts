import type { Clock } from '../../../ports.ts';
import { WakeUpTimer } from './wake-up-timer.ts';
import { holdMs, rowsToSend } from './dispatch-rule.ts';
import type { InFlightCalls } from './in-flight-calls.ts';
import type { EndpointState } from './endpoints/endpoint-state.ts';
import type { EndpointPool } from './endpoints/endpoint-pool.ts';
import type { RowCaps } from './endpoints/row-caps.ts';
import type { SchedulerSettings } from './settings.ts';
import { transferMs } from './endpoints/latency-model.ts';
import type { WorkItem } from './requests/pending-request.ts';
import type { Room, Waiting, WorkQueue } from './requests/work-queue.ts';

interface DispatcherOptions {
  readonly queue: WorkQueue;
  readonly caps: RowCaps;
  readonly pool: EndpointPool;
  readonly clock: Clock;
  readonly settings: SchedulerSettings;
  readonly inFlight: InFlightCalls;
}

interface Outlook {
  readonly rows: number;
  /** Whether a batch could take no more. */
  readonly full: boolean;
  readonly fixedMs: number | undefined;
  readonly transferMs: number;
}

/** Decides which rows are sent next, in which batch, and to which server. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #timer: WakeUpTimer;
  #isDue = false;
  #hasStopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#timer = new WakeUpTimer(options.clock, () => this.dispatchSoon());
  }

  /**
   * Dispatches on next tick, after all callers whose results just arrived have queued their next rows; a later turn of
   * the event loop would delay the send.
   */
  dispatchSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    process.nextTick(() => {
      this.#isDue = false;
      while (!this.#hasStopped && (this.#dispatchSeparate() || this.#dispatchTurn()));
    });
  }

  stop(): void {
    this.#timer.stop();
    this.#hasStopped = true;
  }

  /** Sends what must not be mixed with other rows, if a server has room for it. */
  #dispatchSeparate(): boolean {
    const { queue, inFlight } = this.#options;
    const found = queue.takeSeparate((first) => this.#serverFor(first));
    if (found === undefined) return false;
    inFlight.send(found.items, found.server, { rows: found.items.length, bytes: 0 });
    return true;
  }

  /** Sends the batch whose turn it is; false if none can go now. */
  #dispatchTurn(): boolean {
    const { queue, inFlight, pool, clock } = this.#options;
    if (!pool.hasRoom(clock.monotonic())) return false;
    for (const waiting of queue.turns()) {
      const state = this.#serverFor(waiting.first);
      if (state === undefined) continue;
      const room = this.#roomFor(waiting);
      const outlook = this.#outlookFor(waiting, room, state);
      const holdFor = this.#holdMs(waiting, state, outlook);
      if (holdFor > 0) {
        if (holdFor < Infinity) this.#timer.in(holdFor);
        continue;
      }
      const items = queue.take(waiting.batchKey, { rows: outlook.rows, bytes: room.bytes });
      if (items !== undefined) inFlight.send(items, state, room);
      return items !== undefined;
    }
    return false;
  }

  #serverFor({ request, avoid }: WorkItem): EndpointState | undefined {
    const { pool, clock } = this.#options;
    return pool.pick(clock.monotonic(), { model: request.model, avoid });
  }

  #roomFor({ first: { request, rows, bytes } }: Waiting): Room {
    const { caps, settings } = this.#options;
    if (!request.asked.splittable) return { rows, bytes };
    const byBytes = Math.floor(settings.requestBytes / bytes);
    return {
      rows: Math.max(1, Math.min(request.form.rowsAtMost, caps.rows(request.model), byBytes)),
      bytes: Math.max(bytes, settings.requestBytes),
    };
  }

  /** How many rows would go to this server now, and what they cost. */
  #outlookFor(
    { first, rows, bytes }: Waiting,
    { rows: mostRows }: Room,
    state: EndpointState,
  ): Outlook {
    const costs = { fixedMs: state.fixedMs(first.request.model), transferMs: transferMs(bytes) };
    const slots = state.calls - state.inFlight;
    const sent = rowsToSend({ rows, mostRows, slots, ...costs });
    return { rows: sent, full: rows >= mostRows, ...costs };
  }

  #holdMs({ batchKey, first }: Waiting, state: EndpointState, outlook: Outlook): number {
    const { clock, inFlight, settings } = this.#options;
    return holdMs({
      ...outlook,
      waitedMs: clock.monotonic() - first.waitingSince,
      sameKeyInFlight: inFlight.count(batchKey),
      idle: state.inFlight < state.busy,
      lingerMs: settings.lingerMs,
    });
  }
}
