import type { Deployment } from '../harness/deployment.ts';
import { type Usage, UsageWatch } from '../harness/process-usage.ts';
import { median, quartilesOf } from '../predict/row.ts';
import type { Case } from './cases.ts';
import { IMAGE_FILE } from './limit.ts';
import { type Sums, difference, readMetrics } from './metrics.ts';

const ROUNDS = 3;

/** How consumers do under full load. */
export interface Load {
  readonly processes: number;
  readonly latencyMs: number;
  readonly jobs: number;
  readonly imagesPerSecond: number;
  /** Milliseconds of processor time, user and system, of all threads of the consumers; not divided by the yardstick. */
  readonly cpuMs: number;
  readonly cpuQuartiles: readonly [number, number];
  /** Of one process. */
  readonly peakMiB: number;
  readonly loopDelayMs: number;
  /** Milliseconds an image by stage and by kernel. */
  readonly stageMs: Sums;
  readonly kernelMs: Sums;
}

interface Options {
  readonly deployment: Deployment;
  readonly processes: number;
  readonly latencyMs: number;
  /** Jobs of a round. */
  readonly jobs: number;
  /** What each job must store. */
  readonly archive: Uint8Array;
}

/** A few rounds of jobs on new consumers of one queue, after one that has warmed them up. */
export async function measureLoad({ kind }: Case, options: Options): Promise<Load> {
  const { deployment, processes, latencyMs, jobs, archive } = options;
  const queue = `load-${latencyMs}-${processes}`;
  const consumers = await deployment.startConsumers(kind, queue, processes);
  const work = { file: IMAGE_FILE, archive };
  await deployment.workWith(consumers, { ...work, count: Math.max(jobs, 8) });
  const before = await readMetrics(consumers);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const watches = consumers.map(({ process }) => new UsageWatch(process.pid));
    const seconds = await deployment.workWith(consumers, { ...work, count: jobs });
    rounds.push({ seconds, usages: watches.map((watch) => watch.stop()) });
  }
  const after = await readMetrics(consumers);
  for (const consumer of consumers) await deployment.stopConsumer(consumer);
  const cpu = rounds.map(({ usages }) => (1000 * sum(usages.map((one) => one.cpuSeconds))) / jobs);
  const perImage = (sums: Sums, earlier: Sums): Sums =>
    difference(sums, earlier, 1000 / (ROUNDS * jobs));
  return {
    processes,
    latencyMs,
    jobs: ROUNDS * jobs,
    imagesPerSecond: jobs / median(rounds.map(({ seconds }) => seconds)),
    cpuMs: median(cpu),
    cpuQuartiles: quartilesOf(cpu),
    peakMiB: Math.max(...rounds.flatMap(({ usages }) => usages.map(({ peakMiB }) => peakMiB))),
    loopDelayMs: 1000 * after.loopDelay,
    stageMs: perImage(after.stages, before.stages),
    kernelMs: perImage(after.kernels, before.kernels),
  };
}

interface Round {
  readonly seconds: number;
  readonly usages: readonly Usage[];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
