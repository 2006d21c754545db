import type { Clock } from '../../../ports.ts';
import { Alarm } from './wake-up-timer.ts';
import { holdMs, rowsToSend } from './dispatch-rule.ts';
import type { Flights } from './in-flight-calls.ts';
import type { Lane } from './endpoints/endpoint-state.ts';
import type { Lanes } from './endpoints/endpoint-pool.ts';
import type { RowCaps } from './endpoints/row-caps.ts';
import type { SchedulerSettings } from './settings.ts';
import { travelMs } from './endpoints/transfer-time.ts';
import type { Room, Waiting, WorkQueue } from './requests/work-queue.ts';

interface DispatcherOptions {
  readonly queue: WorkQueue;
  readonly caps: RowCaps;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly settings: SchedulerSettings;
  readonly flights: Flights;
}

interface Outlook {
  readonly rows: number;
  /** Whether a batch could take no more. */
  readonly full: boolean;
  readonly fixedMs: number | undefined;
  readonly travelMs: number;
}

/** Decides which rows go next, together, and where. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #alarm: Alarm;
  #isDue = false;
  #hasStopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.dispatchSoon());
  }

  /**
   * Dispatches when all who just got a result have asked for more: still in this turn of the event loop, for what is
   * sent in the next would leave a turn later.
   */
  dispatchSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    process.nextTick(() => {
      this.#isDue = false;
      while (!this.#hasStopped && (this.#dispatchPart() || this.#dispatchTurn()));
    });
  }

  stop(): void {
    this.#alarm.stop();
    this.#hasStopped = true;
  }

  /** Sends a part of a refused batch, if there is one and a server has room; parts go before all others. */
  #dispatchPart(): boolean {
    const { queue, lanes, clock, flights } = this.#options;
    const lane = lanes.pick(clock.monotonic(), undefined);
    const part = lane === undefined ? undefined : queue.takePart();
    if (lane === undefined || part === undefined) return false;
    flights.send(part, lane, { rows: part.length, bytes: 0 });
    return true;
  }

  /** Sends the batch whose turn it is; false if none can go now. */
  #dispatchTurn(): boolean {
    const { queue, lanes, clock, flights } = this.#options;
    for (const waiting of queue.turns()) {
      const lane = lanes.pick(clock.monotonic(), waiting.first.avoid);
      if (lane === undefined) return false;
      const room = this.#roomFor(waiting);
      const outlook = this.#outlookFor(waiting, room, lane);
      const holdFor = this.#holdMs(waiting, lane, outlook);
      if (holdFor > 0) {
        if (holdFor < Infinity) this.#alarm.in(holdFor);
        continue;
      }
      const items = queue.take(waiting.kind, { rows: outlook.rows, bytes: room.bytes });
      if (items !== undefined) flights.send(items, lane, room);
      return items !== undefined;
    }
    return false;
  }

  #roomFor({ first: { request, rows, bytes } }: Waiting): Room {
    const { caps, settings } = this.#options;
    if (!request.asked.splittable) return { rows, bytes };
    const byBytes = Math.floor(settings.requestBytes / bytes);
    return {
      rows: Math.max(1, Math.min(request.rowsAtMost, caps.rows(request.model), byBytes)),
      bytes: Math.max(bytes, settings.requestBytes),
    };
  }

  /** How many rows would go to this server now, and what they cost. */
  #outlookFor({ first, rows, bytes }: Waiting, { rows: mostRows }: Room, lane: Lane): Outlook {
    const costs = { fixedMs: lane.fixedMs(first.request.model), travelMs: travelMs(bytes) };
    const slots = lane.calls - lane.inFlight;
    const sent = rowsToSend({ rows, mostRows, slots, ...costs });
    return { rows: sent, full: rows >= mostRows, ...costs };
  }

  #holdMs({ kind, first }: Waiting, lane: Lane, outlook: Outlook): number {
    const { clock, flights, settings } = this.#options;
    return holdMs({
      ...outlook,
      waitedMs: clock.monotonic() - first.waitingSince,
      companions: flights.count(kind),
      idle: lane.inFlight < lane.busy,
      lingerMs: settings.lingerMs,
    });
  }
}
