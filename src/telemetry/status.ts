import type { ErrorCode } from '../errors.ts';
import type { Emit, Fact } from '../facts/flow.ts';
import type { Clock } from '../ports.ts';
import { type Bottleneck, findBottleneck } from './bottleneck.ts';
import type { Health } from './health.ts';
import { type QueueRow, QueueStats, type ServedQueue, inAll } from './metrics/queue-stats.ts';
import type { Shortages } from './metrics/shortage-meter.ts';
import { RateWindow } from './metrics/rate-window.ts';
import type { StageMeters } from './metrics/stage-meter.ts';
import { shortId } from './log/short-id.ts';
import type { StageRow } from './stage-row.ts';

interface StatusOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly queues: readonly ServedQueue[];
  readonly hostName: string;
  /** Stages in order, with the jobs that may be in each. */
  readonly stages: ReadonlyMap<string, number>;
  readonly meters: StageMeters;
  readonly shortages: () => Shortages;
  /** Jobs and bytes held, and how many may be. */
  readonly permits: () => { readonly held: Amounts; readonly limits: Amounts };
  readonly health: Pick<Health, 'notReady' | 'notTried' | 'warnings'>;
}

interface Amounts {
  readonly jobs: number;
  readonly bytes: number;
}

interface JobInWork {
  readonly id: string;
  readonly since: number;
  stage: string;
}

interface StageStats {
  readonly ended: RateWindow;
  meanMs: number;
  errors: number;
}

const SMOOTHING = 0.1;
const ERRORS_KEPT = 20;

/**
 * Listens to facts and tells, at any moment, what the consumer is doing: the source of /status and of the
 * status page.
 */
export class StatusBoard {
  readonly #options: StatusOptions;
  readonly #startedAt: number;
  readonly #jobs = new Map<string, JobInWork>();
  readonly #stages = new Map<string, StageStats>();
  readonly #queues: ReadonlyMap<string, QueueStats>;
  readonly #errors: { at: string; id: string; code: ErrorCode; message: string }[] = [];

  constructor(options: StatusOptions) {
    const { clock } = options;
    this.#options = options;
    this.#startedAt = clock.monotonic();
    const stats = options.queues.map((one) => [one.queue, new QueueStats(one, clock)] as const);
    this.#queues = new Map(stats);
    for (const stage of options.stages.keys()) {
      this.#stages.set(stage, { ended: new RateWindow(this.#startedAt), meanMs: 0, errors: 0 });
    }
  }

  readonly listen = (fact: Fact): void => {
    const now = this.#options.clock.monotonic();
    if (fact.type === 'job started') {
      this.#jobs.set(fact.job.key, { id: shortId(fact.job.key), since: now, stage: 'open' });
    } else if (fact.type === 'stage started') {
      const job = this.#jobs.get(fact.job.key);
      if (job) job.stage = fact.stage;
    } else if (fact.type === 'stage ended') {
      this.#count(fact, now);
    } else if (fact.type === 'job ended') {
      this.#end(fact);
    }
  };

  /** Listens to what happens with the jobs of a queue. */
  readonly listenTo =
    (queue: string): Emit =>
    (fact) => {
      this.listen(fact);
      this.#queues.get(queue)?.listen(fact);
    };

  /** Jobs that were started and have not ended. */
  get jobsInWork(): number {
    return this.#jobs.size;
  }

  /** What /status answers. */
  snapshot(): StatusSnapshot {
    const { clock, version, hostName, permits, shortages, health } = this.#options;
    const queues = Array.from(this.#queues.values(), ({ row }) => row);
    const now = clock.monotonic();
    const [oldest] = this.#jobs.values();
    const stages = this.#stageRows(now);
    return {
      version,
      workflow: queues.map(({ workflow }) => workflow).join(', '),
      queue: queues.map(({ queue }) => queue).join(', '),
      hostName,
      uptimeSeconds: Math.round((now - this.#startedAt) / 1000),
      notReady: health.notReady(),
      notTried: health.notTried(),
      warnings: health.warnings(),
      permits: permits(),
      ...inAll(queues),
      queues,
      oldestJob: oldest && {
        id: oldest.id,
        stage: oldest.stage,
        seconds: Math.round((now - oldest.since) / 1000),
      },
      bottleneck: findBottleneck(stages, permits(), shortages()),
      stages,
      errors: this.#errors,
    };
  }

  #stageRows(now: number): StageRow[] {
    return [...this.#stages].map(([name, stats]) => ({
      name,
      ...this.#options.meters.counts(name),
      capacity: this.#options.stages.get(name) ?? 0,
      perSecond: stats.ended.perSecond(now),
      meanMs: Math.round(stats.meanMs),
      errors: stats.errors,
    }));
  }

  #count({ stage, ms, error }: Extract<Fact, { type: 'stage ended' }>, now: number): void {
    const stats = this.#stages.get(stage);
    if (stats === undefined) return;
    stats.ended.add(now);
    stats.meanMs += (ms - stats.meanMs) * (stats.meanMs === 0 ? 1 : SMOOTHING);
    if (error) stats.errors += 1;
  }

  #end({ key, outcome, error }: Extract<Fact, { type: 'job ended' }>): void {
    this.#jobs.delete(key);
    if (outcome !== 'failed' || error === undefined) return;
    const at = this.#options.clock.now().toISOString();
    this.#errors.unshift({ at, id: shortId(key), code: error.code, message: error.message });
    this.#errors.length = Math.min(this.#errors.length, ERRORS_KEPT);
  }
}

/** Figures of all queues together, and of each in `queues`. */
export interface StatusSnapshot extends Omit<QueueRow, 'inWork'> {
  readonly version: string;
  readonly queues: readonly QueueRow[];
  readonly hostName: string;
  readonly uptimeSeconds: number;
  readonly notReady: Readonly<Record<string, string>>;
  /** Those of its keys that nothing is known of yet: no answer has come since the start. */
  readonly notTried: readonly string[];
  /** What hinders some jobs, or may; the others can be done. */
  readonly warnings: readonly string[];
  readonly permits: { readonly held: Amounts; readonly limits: Amounts };
  readonly oldestJob:
    { readonly id: string; readonly stage: string; readonly seconds: number } | undefined;
  /** What jobs wait for most of the time, if there is such a thing, and what to do about it. */
  readonly bottleneck: Bottleneck | undefined;
  readonly stages: readonly StageRow[];
  readonly errors: readonly {
    readonly at: string;
    /** Ten digits that stand for the key. */
    readonly id: string;
    readonly code: ErrorCode;
    readonly message: string;
  }[];
}
