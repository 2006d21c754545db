/* A process that holds many simulated pods: what a consumer says to Redis, word for word, without any image. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock as clock } from '../../src/adapters/system-clock.ts';
import { openRedisJobs } from '../../src/adapters/redis/jobs/open-jobs.ts';
import { CORE_SETTINGS } from '../../src/config/core-settings.ts';
import { loadSettings } from '../../src/config/load.ts';
import { openRedis } from '../../src/consumer/open/open-redis.ts';
import type { Fact } from '../../src/facts/flow.ts';
import { defineStage } from '../../src/flow/stage.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { Solo } from '../../src/intake/solo.ts';
import { Worker } from '../../src/worker.ts';
import { stageRuntime } from '../../test/harness/stages/stage-runtime.ts';

export interface PodsPlan {
  readonly pods: number;
  readonly queue: string;
  /** What the image of a job takes. */
  readonly workMs: number;
}

/** What has happened since the start. */
export interface PodsReport {
  readonly ready: number;
  readonly started: number;
  readonly done: number;
  /** Jobs that ended in any other way, by how. */
  readonly otherwise: Readonly<Record<string, number>>;
  /** From submission to claim, of each job. */
  readonly queuedMs: readonly number[];
}

const JOBS_A_POD = 4;
/** Pods that start at a time. */
const TOGETHER = 50;
const STAGES = ['download', 'preprocess', 'predict', 'postprocess', 'upload'];
const RESULT = { output: { url: 'https://bucket/r.zip', fileName: 'output/r.zip' } };
const OPEN_GATE = { problem: () => undefined, wantsGuest: () => false };

const plan = JSON.parse(process.argv[2] ?? '{}') as PodsPlan; // what Fleet passes
const { values: core } = loadSettings(CORE_SETTINGS);
const report = {
  ready: 0,
  started: 0,
  done: 0,
  otherwise: {} as Record<string, number>,
  queuedMs: [] as number[],
};

function listen(fact: Fact): void {
  if (fact.type === 'job started') {
    report.started++;
    report.queuedMs.push(fact.queuedMs ?? NaN);
  } else if (fact.type === 'job ended' && fact.outcome === 'done') report.done++;
  else if (fact.type === 'job ended') {
    report.otherwise[fact.outcome] = (report.otherwise[fact.outcome] ?? 0) + 1;
  }
}

/** Each stage tells its status, as those of an image do. */
const stages = STAGES.map((name) =>
  defineStage({
    name,
    status: name,
    concurrency: JOBS_A_POD,
    run: async (_value: object, { signal }) => {
      await clock.sleep(plan.workMs / STAGES.length, signal);
      return name === STAGES.at(-1) ? RESULT : {};
    },
  }),
);

async function startPod(index: number): Promise<void> {
  const hostName = `pod-${process.pid}-${index}`;
  const { queue } = plan;
  const { signal } = new AbortController();
  const redis = await openRedis(core, { signal, onProblem: () => undefined });
  const jobs = openRedisJobs({
    ...redis,
    clock,
    queue,
    hostName,
    version: 'bench',
    popSeconds: core.emptyQueueTimeout,
    childrenInQueue: core.childrenInQueue,
    expireSeconds: core.expireTime,
  });
  const worker = new Worker({
    ...jobs,
    accepts: () => true,
    phases: { work: stages },
    wakeOnFailure: false,
    permits: new PermitPool({ jobs: JOBS_A_POD, bytes: 2 ** 30 }),
    solo: new Solo(),
    runtime: stageRuntime({
      families: jobs.families,
      hostName,
      queue,
      retry: { firstDelayMs: 1000, longestDelayMs: 30_000, budgetMs: 600_000, random: Math.random },
      emit: listen,
    }),
    gate: OPEN_GATE,
    reconcileIntervalMs: core.reconcileInterval * 1000,
    graceMs: 0,
  });
  void run(worker);
  report.ready++;
}

async function run(worker: Worker): Promise<void> {
  const error = await worker.run();
  if (error !== undefined) throw error;
}

process.on('message', () => {
  process.send?.(report satisfies PodsReport);
  report.queuedMs = [];
});
process.on('disconnect', () => process.exit());

for (let first = 0; first < plan.pods; first += TOGETHER) {
  const count = Math.min(TOGETHER, plan.pods - first);
  await Promise.all(Array.from({ length: count }, (_, index) => startPod(first + index)));
}
await sleep(2 ** 31 - 1);
