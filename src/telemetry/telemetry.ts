import type { Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { KernelFact } from '../facts/kernels.ts';
import type { PredictFact } from '../facts/predict.ts';
import { type Emit, broadcast } from '../facts/flow.ts';
import type { Clock, QueueDepth } from '../ports.ts';
import { METRICS } from './catalogue.ts';
import { showFirstValues } from './first-values.ts';
import { Health } from './health.ts';
import { type HttpServer, type Routes, json, serveHttp, text } from './http.ts';
import { logEvents } from './log.ts';
import { logPredictions } from './log-predictions.ts';
import { Recorder } from './metric.ts';
import { recordEvents } from './record-events.ts';
import { recordKernels } from './record-kernels.ts';
import { recordPredictions } from './record-predictions.ts';
import { StageMeters } from './stage-meter.ts';
import { StatusBoard } from './status.ts';
import { STATUS_PAGE } from './status-page.ts';
import type { Tracing } from './tracing/tracing.ts';

interface Amounts {
  readonly jobs: number;
  readonly bytes: number;
}

export interface TelemetryOptions {
  readonly log: Logger;
  readonly clock: Clock;
  readonly version: string;
  readonly workflow: string;
  readonly queue: string;
  readonly hostName: string;
  /** Jobs that may be in each stage at a time, stages in order. */
  readonly concurrency: ReadonlyMap<string, number>;
  readonly permits: { readonly held: Amounts; readonly limits: Amounts };
  /** Why each dependency cannot be used now, if so. */
  readonly problems: Readonly<Record<string, () => string | undefined>>;
  readonly stopping: () => boolean;
  readonly queueDepth: () => Promise<QueueDepth | undefined>;
  /** Compute threads. */
  readonly threads: number;
  /** Kernels that wait for one. */
  readonly computeWaiting: () => number;
  readonly tracing: Tracing;
}

const DEPTH_INTERVAL_MS = 5000;
const STUCK_AFTER_MS = 60_000;

/** Everything that listens: metrics, log lines, health and the status page, and the HTTP server that shows them. */
export class Telemetry {
  readonly listen: Emit;
  readonly listenToPredictions: (fact: PredictFact) => void;
  readonly listenToKernels: (fact: KernelFact) => void;
  /** Told of the first error of each listener. */
  readonly report: (error: unknown) => void;
  readonly #options: TelemetryOptions;
  readonly #registry = new Registry();
  readonly #recorder: Recorder;
  readonly #meters: StageMeters;
  readonly #health: Health;
  readonly #board: StatusBoard;
  #depth: QueueDepth | undefined;
  #depthAt = -Infinity;

  constructor(options: TelemetryOptions) {
    const { clock, concurrency, permits, problems, stopping, log } = options;
    this.#options = options;
    this.#registry.setDefaultLabels({ queue: options.queue });
    collectDefaultMetrics({ register: this.#registry });
    this.#recorder = new Recorder(this.#registry, Object.values(METRICS));
    showFirstValues(this.#recorder, concurrency.keys());
    this.#meters = new StageMeters(this.#recorder, clock, concurrency);
    const full = (): boolean =>
      permits.held.jobs >= permits.limits.jobs || permits.held.bytes >= permits.limits.bytes;
    this.#health = new Health({ clock, problems, stopping, full, stuckAfterMs: STUCK_AFTER_MS });
    this.#board = new StatusBoard({
      ...options,
      stages: concurrency,
      meters: this.#meters,
      permits: () => ({ held: permits.held, limits: permits.limits }),
      queueDepth: () => this.#depth,
      notReady: () => this.#health.notReady(),
    });
    this.report = reportTo(log);
    this.listen = broadcast(
      [
        // First, so that the log can ask it for the trace of a job.
        options.tracing.listen,
        recordEvents(this.#recorder, this.#meters),
        logEvents(log, options.tracing.idsOf),
        this.#health.listen,
        this.#board.listen,
      ],
      this.report,
    );
    this.#recorder.set(METRICS.threads, {}, options.threads);
    this.listenToKernels = broadcast([recordKernels(this.#recorder)], this.report);
    this.listenToPredictions = broadcast(
      [recordPredictions(this.#recorder), logPredictions(log)],
      this.report,
    );
  }

  /** Jobs that are being worked on. */
  get jobsInWork(): number {
    return this.#board.jobsInWork;
  }

  serve(address: { readonly host: string; readonly port: number }): Promise<HttpServer> {
    return serveHttp(this.#routes(), address);
  }

  #routes(): Routes {
    return {
      '/': () => STATUS_PAGE,
      '/live': () => {
        const stuck = this.#health.stuck();
        return stuck === undefined ? text(200, 'alive') : text(503, stuck);
      },
      '/ready': () => {
        const reasons = this.#health.notReady();
        const ready = Object.keys(reasons).length === 0;
        return json(ready ? 200 : 503, { ready, reasons });
      },
      '/startup': () =>
        this.#health.started() ? text(200, 'started') : text(503, 'Redis has not answered yet.'),
      '/status': async () => {
        await this.#refreshDepth();
        return json(200, this.#board.snapshot());
      },
      '/version': () => json(200, { version: this.#options.version }),
      '/metrics': async () => ({
        status: 200,
        type: this.#registry.contentType,
        body: await this.#scrape(),
      }),
    };
  }

  async #scrape(): Promise<string> {
    await this.#refreshDepth();
    const { held, limits } = this.#options.permits;
    const recorder = this.#recorder;
    this.#meters.countTime();
    recorder.set(METRICS.kernelsWaiting, {}, this.#options.computeWaiting());
    recorder.set(METRICS.jobsInFlight, {}, held.jobs);
    recorder.set(METRICS.jobsCapacity, {}, limits.jobs);
    recorder.set(METRICS.bytesInFlight, {}, held.bytes);
    recorder.set(METRICS.bytesCapacity, {}, limits.bytes);
    recorder.set(
      METRICS.saturation,
      {},
      Math.max(this.#meters.saturation(), held.jobs / limits.jobs),
    );
    if (this.#depth) {
      recorder.set(METRICS.queueDepth, {}, this.#depth.waiting);
      recorder.set(METRICS.processingDepth, {}, this.#depth.held);
      recorder.set(METRICS.desiredWork, {}, this.#depth.waiting + this.#depth.held);
    }
    return this.#registry.metrics();
  }

  /** Asks Redis at most every few seconds, however many ask us, and never waits for it. */
  async #refreshDepth(): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (now - this.#depthAt < DEPTH_INTERVAL_MS) return;
    this.#depthAt = now;
    const asked = this.#options.queueDepth().then(
      (depth) => {
        this.#depth = depth;
      },
      () => undefined,
    );
    await Promise.race([asked, this.#options.clock.sleep(PATIENCE_MS)]);
  }
}

const PATIENCE_MS = 50;

function reportTo(log: Logger): (error: unknown) => void {
  return (err) => {
    try {
      log.error({ err }, 'A listener to facts failed. Its errors are reported once.');
    } catch {
      // The listener that failed is the log itself: there is nowhere left to say it.
    }
  };
}
