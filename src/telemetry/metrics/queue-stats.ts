import type { Fact } from '../../facts/flow.ts';
import type { Clock } from '../../ports.ts';
import { RateWindow } from './rate-window.ts';

/** A queue of this process. */
export interface ServedQueue {
  readonly queue: string;
  readonly workflow: string;
  /** Undefined as long as it is not known. */
  readonly depth: () => Depth | undefined;
}

interface Depth {
  readonly waiting: number;
  readonly held: number;
}

/** What the status tells of a queue. */
export interface QueueRow {
  readonly queue: string;
  readonly workflow: string;
  readonly queueDepth: Depth | undefined;
  /** Jobs that were started and have not ended. */
  readonly inWork: number;
  readonly jobsPerSecond: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Jobs made of jobs that wait here for their children. */
  readonly parents: {
    readonly parked: number;
    readonly openChildren: number;
    readonly oldestSeconds: number;
  };
}

/** Counts the jobs of a queue. */
export class QueueStats {
  readonly #served: ServedQueue;
  readonly #clock: Clock;
  readonly #inWork = new Set<string>();
  readonly #outcomes = new Map<string, number>();
  readonly #done: RateWindow;
  #parents = { parked: 0, openChildren: 0, oldestMs: 0 };

  constructor(served: ServedQueue, clock: Clock) {
    this.#served = served;
    this.#clock = clock;
    this.#done = new RateWindow(clock.monotonic());
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'job started') this.#inWork.add(fact.job.key);
    else if (fact.type === 'job ended') this.#end(fact);
    else if (fact.type === 'parents swept') this.#parents = fact;
  };

  get row(): QueueRow {
    const { queue, workflow, depth } = this.#served;
    const { parked, openChildren, oldestMs } = this.#parents;
    return {
      queue,
      workflow,
      queueDepth: depth(),
      inWork: this.#inWork.size,
      jobsPerSecond: this.#done.perSecond(this.#clock.monotonic()),
      outcomes: Object.fromEntries(this.#outcomes),
      parents: { parked, openChildren, oldestSeconds: Math.round(oldestMs / 1000) },
    };
  }

  #end({ key, outcome }: Extract<Fact, { type: 'job ended' }>): void {
    this.#inWork.delete(key);
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    if (outcome === 'done' || outcome === 'failed') this.#done.add(this.#clock.monotonic());
  }
}

/** What all queues come to together. */
export function inAll(rows: readonly QueueRow[]): Omit<QueueRow, 'queue' | 'workflow' | 'inWork'> {
  const depths = rows.flatMap(({ queueDepth }) => queueDepth ?? []);
  const outcomes = new Map<string, number>();
  for (const [outcome, count] of rows.flatMap((row) => Object.entries(row.outcomes))) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
  }
  return {
    queueDepth:
      depths.length === 0
        ? undefined
        : { waiting: sum(depths, 'waiting'), held: sum(depths, 'held') },
    jobsPerSecond: sum(rows, 'jobsPerSecond'),
    outcomes: Object.fromEntries(outcomes),
    parents: {
      parked: sum(parentsOf(rows), 'parked'),
      openChildren: sum(parentsOf(rows), 'openChildren'),
      oldestSeconds: Math.max(0, ...parentsOf(rows).map((one) => one.oldestSeconds)),
    },
  };
}

const parentsOf = (rows: readonly QueueRow[]): QueueRow['parents'][] =>
  rows.map(({ parents }) => parents);

function sum<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
