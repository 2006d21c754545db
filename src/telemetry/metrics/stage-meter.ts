import type { Clock } from '../../ports.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';
import type { StageRow } from '../stage-row.ts';
import { TimeShare } from './time-share.ts';

interface Meter {
  inFlight: number;
  waiting: number;
  /** All places are taken and jobs wait. */
  readonly full: TimeShare;
  /** `monotonic()` up to which busy, blocked and idle time has been counted. */
  countedTo: number;
}

/** Counts jobs in and before each stage, and the time each stage is busy, blocked or idle. */
export class StageMeters {
  readonly #recorder: Recorder;
  readonly #clock: Clock;
  readonly #capacities: ReadonlyMap<string, number>;
  readonly #meters = new Map<string, Meter>();

  constructor(recorder: Recorder, clock: Clock, capacities: ReadonlyMap<string, number>) {
    this.#recorder = recorder;
    this.#clock = clock;
    this.#capacities = capacities;
    for (const [stage, capacity] of capacities) {
      this.#meters.set(stage, {
        inFlight: 0,
        waiting: 0,
        full: new TimeShare(),
        countedTo: clock.monotonic(),
      });
      recorder.set(METRICS.stageCapacity, { stage }, capacity);
      this.#show(stage);
    }
  }

  entered(stage: string): void {
    this.#change(stage, 0, 1);
  }

  started(stage: string): void {
    this.#change(stage, 1, -1);
  }

  ended(stage: string): void {
    this.#change(stage, -1, 0);
  }

  /** Jobs in and before a stage, and how long it has held jobs up. */
  counts(stage: string): Pick<StageRow, 'inFlight' | 'waiting' | 'fullShare'> {
    this.#count(stage);
    const { inFlight = 0, waiting = 0, full } = this.#meters.get(stage) ?? {};
    return { inFlight, waiting, fullShare: full?.share ?? 0 };
  }

  /** Brings the counters of time up to now; for a scrape. */
  countTime(): void {
    for (const stage of this.#meters.keys()) this.#count(stage);
  }

  /** Share of the places taken in the fullest stage. */
  saturation(): number {
    const shares = [...this.#meters].map(
      ([stage, { inFlight }]) => inFlight / (this.#capacities.get(stage) ?? Infinity),
    );
    return Math.max(0, ...shares);
  }

  #change(stage: string, inFlight: number, waiting: number): void {
    this.#count(stage);
    const meter = this.#meters.get(stage);
    if (meter === undefined) return;
    meter.inFlight += inFlight;
    meter.waiting += waiting;
    this.#show(stage);
  }

  #count(stage: string): void {
    const meter = this.#meters.get(stage);
    if (meter === undefined) return;
    const now = this.#clock.monotonic();
    const seconds = (now - meter.countedTo) / 1000;
    meter.countedTo = now;
    const { stageBusy, stageBlocked, stageIdle } = METRICS;
    const free = meter.inFlight < (this.#capacities.get(stage) ?? Infinity);
    meter.full.add(seconds, !free && meter.waiting > 0);
    if (meter.inFlight > 0) this.#recorder.add(stageBusy, { stage }, seconds);
    else if (meter.waiting === 0) this.#recorder.add(stageIdle, { stage }, seconds);
    if (meter.waiting > 0 && free) this.#recorder.add(stageBlocked, { stage }, seconds);
  }

  #show(stage: string): void {
    const { inFlight = 0, waiting = 0 } = this.#meters.get(stage) ?? {};
    this.#recorder.set(METRICS.stageInFlight, { stage }, inFlight);
    this.#recorder.set(METRICS.stageWaiting, { stage }, waiting);
  }
}
