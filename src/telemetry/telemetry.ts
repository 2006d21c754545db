import type { Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { KernelFact } from '../facts/kernels.ts';
import type { PredictFact } from '../facts/predict.ts';
import { type Emit, broadcast } from '../facts/flow.ts';
import { METRICS } from './catalogue.ts';
import { initializeMetrics } from './metrics/initialize-metrics.ts';
import { Health } from './health.ts';
import { type HttpServer, type Routes, json, serveHttp } from './http.ts';
import type { Address } from './listen.ts';
import { logEvents } from './log/log.ts';
import { LoopWatch, stallLine } from './loop-watch.ts';
import { logPredictions } from './log/log-predictions.ts';
import { type Recorder, openRecorders } from './metric.ts';
import { asMetric, recordOwnMetrics } from './metrics/own-metrics.ts';
import { KnownDepth, recordDepth } from './metrics/queue-depth.ts';
import { recordEvents } from './metrics/record-events.ts';
import { recordKernels } from './metrics/record-kernels.ts';
import { recordBreaker, recordPredictions } from './metrics/record-predictions.ts';
import { allRoutes, probeRoutes } from './routes.ts';
import { shareAnswer } from './share-answer.ts';
import { StageMemoryMeter } from './metrics/stage-memory.ts';
import { type Lacking, ShortageMeter } from './metrics/shortage-meter.ts';
import { StageMeters } from './metrics/stage-meter.ts';
import { StatusBoard } from './status.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

const STUCK_AFTER_MS = 60_000;
const SHARED_MS = 200;
/** Between looks whether the event loop turns. */
const LOOK_MS = 500;
/**
 * How often the delay of the event loop is measured: each time wakes an idle process. What the metrics tell
 * includes it.
 */
export const LOOP_MS = 50;

/** Everything that listens: metrics, log lines, health and the status page, and the HTTP server that shows them. */
export class Telemetry {
  /** Listens to what concerns no queue alone. */
  readonly listen: Emit;
  readonly listenToPredictions: (fact: PredictFact) => void;
  readonly listenToKernels: (fact: KernelFact) => void;
  /** Told of the first error of each listener. */
  readonly report: (error: unknown) => void;
  readonly #options: TelemetryOptions;
  readonly #registry = new Registry();
  readonly #recorders: ReadonlyMap<string, Recorder>;
  /** For what all queues have in common. */
  readonly #recorder: Recorder;
  readonly #meters: StageMeters;
  readonly #shortages: ShortageMeter;
  readonly #health: Health;
  readonly #loop: LoopWatch;
  readonly #board: StatusBoard;
  readonly #depths: ReadonlyMap<string, KnownDepth>;
  readonly #stageMemory: StageMemoryMeter;

  constructor(options: TelemetryOptions) {
    const { clock, concurrency, permits, log } = options;
    const queues = options.queues.map(({ queue }) => queue);
    this.#options = options;
    const ofAuthors = options.queues.flatMap(({ metrics }) => metrics.map(asMetric));
    this.#recorders = openRecorders(this.#registry, Object.values(METRICS), queues, ofAuthors);
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: LOOP_MS });
    initializeMetrics(this.#recorders.values(), concurrency.keys());
    this.#recorder = this.#recorderOf(queues[0] ?? '');
    this.#meters = new StageMeters(this.#recorder, clock, concurrency);
    this.#shortages = new ShortageMeter({
      recorder: this.#recorder,
      clock,
      lacking: () => this.#lacking(),
    });
    this.#stageMemory = new StageMemoryMeter(this.#recorder, concurrency.keys());
    const depths = options.queues.map(
      (one) => [one.queue, new KnownDepth(one.depth, clock)] as const,
    );
    this.#depths = new Map(depths);
    this.#health = new Health({
      ...options,
      queues,
      full: () => permits.isFull,
      stuckAfterMs: STUCK_AFTER_MS,
    });
    this.#board = new StatusBoard({
      ...options,
      queues: options.queues.map((one) => ({
        ...one,
        depth: () => this.#depths.get(one.queue)?.last,
      })),
      stages: concurrency,
      meters: this.#meters,
      shortages: () => this.#shortages.shares,
      permits: () => ({ held: permits.held, limits: permits.limits }),
      health: this.#health,
    });
    this.#loop = new LoopWatch(clock, LOOK_MS);
    this.report = reportTo(log);
    this.listen = broadcast(
      [
        recordEvents(this.#recorder, this.#meters),
        logEvents(log),
        this.#health.listen,
        this.#board.listen,
      ],
      this.report,
    );
    this.#recorder.set(METRICS.threads, {}, options.threads);
    this.listenToKernels = this.#kernelListener();
    this.listenToPredictions = this.#predictionListener();
  }

  /** Listens to what happens with the jobs of a queue. */
  listenTo(queue: string): Emit {
    const { log, tracing, queues } = this.#options;
    const { metrics = [] } = queues.find((one) => one.queue === queue) ?? {};
    return broadcast(
      [
        // First, so that the log can ask it for the trace of a job.
        tracing.listen,
        recordEvents(this.#recorderOf(queue), this.#meters),
        recordOwnMetrics(this.#recorderOf(queue), metrics),
        this.#stageMemory.listen,
        this.#shortages.count,
        // Of a single queue every line has the name anyway.
        logEvents(queues.length > 1 ? log.child({ queue }) : log, tracing.idsOf),
        this.#health.listenTo(queue),
        this.#board.listenTo(queue),
        this.#loop.listen,
      ],
      this.report,
    );
  }

  /** Says when something keeps the event loop to itself, and which stage it was. Call the result to end it. */
  watchLoop(): () => void {
    // What was before is not watched.
    this.#loop.look();
    const look = (): void => {
      this.#shortages.count();
      const stall = this.#loop.look();
      if (stall) this.#options.log.error({ ...stall }, stallLine(stall));
    };
    const timer = setInterval(look, LOOK_MS).unref();
    return () => clearInterval(timer);
  }

  /** Jobs that are being worked on. */
  get jobsInWork(): number {
    return this.#board.jobsInWork;
  }

  /** Serves everything there is to see. */
  serve(address: Address): Promise<HttpServer> {
    return serveHttp(this.#routes(), address);
  }

  /** Serves the probes alone, on a port that nobody else has a reason to use. */
  serveProbes(address: Address): Promise<HttpServer> {
    return serveHttp(probeRoutes(this.#health), address);
  }

  #kernelListener(): (fact: KernelFact) => void {
    const moved = (fact: KernelFact): void => this.#moved(fact.type === 'kernel ended');
    return broadcast([recordKernels(this.#recorder), this.#shortages.count, moved], this.report);
  }

  #predictionListener(): (fact: PredictFact) => void {
    return broadcast(
      [
        recordPredictions(this.#recorder),
        ...Array.from(this.#recorders.values(), recordBreaker),
        logPredictions(this.#options.log),
        (fact) => this.#moved(fact.type === 'batch answered'),
      ],
      this.report,
    );
  }

  #moved(hasMoved: boolean): void {
    if (hasMoved) this.#health.moved();
  }

  #routes(): Routes {
    const { clock, version, sharedMs = SHARED_MS } = this.#options;
    const sharing = { clock, ms: sharedMs };
    return allRoutes({
      health: this.#health,
      version,
      status: shareAnswer(async () => {
        await this.#refreshDepths();
        return json(200, this.#board.snapshot());
      }, sharing),
      metrics: shareAnswer(async () => {
        const body = await this.#scrape();
        return { status: 200, type: this.#registry.contentType, body };
      }, sharing),
    });
  }

  async #scrape(): Promise<string> {
    await this.#refreshDepths();
    const { held, limits, isTight } = this.#options.permits;
    const recorder = this.#recorder;
    this.#meters.countTime();
    this.#shortages.count();
    recorder.set(METRICS.kernelsWaiting, {}, this.#options.computeWaiting());
    recorder.set(METRICS.jobsInFlight, {}, held.jobs);
    recorder.set(METRICS.jobsCapacity, {}, limits.jobs);
    recorder.set(METRICS.bytesInFlight, {}, held.bytes);
    recorder.set(METRICS.bytesCapacity, {}, limits.bytes);
    recorder.set(METRICS.memoryTight, {}, Number(isTight));
    const saturation = Math.max(this.#meters.saturation(), held.jobs / limits.jobs);
    for (const [queue, of] of this.#recorders) {
      of.set(METRICS.saturation, {}, saturation);
      recordDepth(of, this.#depths.get(queue)?.last);
    }
    return this.#registry.metrics();
  }

  /** Memory that only an intake waits for is lacking if its queue has jobs. */
  #lacking(): Lacking {
    const { permits, modelsFull, computeWaiting } = this.#options;
    const { job, intake } = permits.waitsForMemory;
    const hasMore = (): boolean =>
      Array.from(this.#depths.values(), ({ last }) => last?.waiting ?? 0).some((jobs) => jobs > 0);
    return {
      memory: job || (intake && hasMore()),
      threads: computeWaiting() > 0,
      servers: modelsFull(),
    };
  }

  async #refreshDepths(): Promise<void> {
    await Promise.all(Array.from(this.#depths.values(), (depth) => depth.refresh()));
  }

  #recorderOf(queue: string): Recorder {
    const recorder = this.#recorders.get(queue);
    if (recorder === undefined) throw new Error(`There is no queue "${queue}" here.`);
    return recorder;
  }
}

function reportTo(log: Logger): (error: unknown) => void {
  return (err) => {
    try {
      log.error({ err }, 'A listener to facts failed. Its errors are reported once.');
    } catch {
      // The listener that failed is the log itself: there is nowhere left to say it.
    }
  };
}
