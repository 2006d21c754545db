import { type Consumer, Deployment } from '../harness/deployment.ts';
import { JOB_KINDS, type JobKind } from '../harness/job-kinds.ts';
import { type MemoryCgroup, openMemoryCgroup } from '../harness/memory-cgroup.ts';
import { type Usage, UsageWatch } from '../harness/process-usage.ts';
import { median, quartilesOf } from '../predict/row.ts';
import { type Row, show } from './row.ts';

export interface LoadOptions {
  /** Jobs of each row, for each of both consumers. */
  readonly jobs: number;
  readonly sizes: readonly number[];
  readonly kinds: readonly string[];
  readonly limitMiB: number;
  readonly latencyMs: number;
}

/** Rounds in which the bounded and the unbounded consumer take turns: others use this machine too, and its speed drifts. */
const ROUNDS = 5;
/** Settings under which memory holds nothing up. */
const UNBOUNDED = { BYTES_IN_FLIGHT: String(2 ** 40) };

/** Peak memory and rate of each kind of job at each size, without and with a memory limit. */
export async function measureLoad(options: LoadOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of JOB_KINDS.filter(({ name }) => options.kinds.includes(name))) {
    for (const size of options.sizes) {
      rows.push(show(await measure(kind, size, options)));
      const cgroup = openMemoryCgroup('kiosk-bench', options.limitMiB);
      if (cgroup === undefined) {
        console.log('This machine lets us make no control group with a memory limit.');
        continue;
      }
      try {
        rows.push(show(await measure(kind, size, options, cgroup)));
      } finally {
        cgroup.remove();
      }
    }
  }
  return rows;
}

async function measure(
  kind: JobKind,
  size: number,
  options: LoadOptions,
  cgroup?: MemoryCgroup,
): Promise<Row> {
  const deployment = await Deployment.open(options);
  try {
    await deployment.upload('upload/image.tif', kind.image(size));
    const bounded = await deployment.startConsumer({ kind, name: 'bounded', cgroup });
    const unbounded = await deployment.startConsumer({
      kind,
      name: 'unbounded',
      environment: UNBOUNDED,
    });
    const rounds = await takeTurns(deployment, [bounded, unbounded], options.jobs);
    return rowOf({ kind, size, jobs: options.jobs, rounds, cgroup, limit: options.limitMiB });
  } catch (error) {
    // The kernel ended the consumer: that is a result too.
    if (cgroup === undefined || cgroup.kills() === 0) throw error;
    return rowOf({ kind, size, jobs: 0, rounds: [], cgroup, limit: options.limitMiB });
  } finally {
    await deployment.close();
  }
}

/** How two consumers did the same work, one right after the other. */
interface Round {
  readonly bounded: Usage;
  readonly unbounded: Usage;
}

async function takeTurns(
  deployment: Deployment,
  [bounded, unbounded]: readonly [Consumer, Consumer],
  jobs: number,
): Promise<Round[]> {
  const perRound = Math.ceil(jobs / ROUNDS);
  const watched = async (consumer: Consumer): Promise<Usage> => {
    const watch = new UsageWatch(consumer.process.pid);
    await deployment.work(consumer, perRound, 'upload/image.tif');
    return watch.stop();
  };
  for (const consumer of [bounded, unbounded])
    await deployment.work(consumer, 4, 'upload/image.tif');
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0 ? await watched(unbounded) : undefined;
    const own = await watched(bounded);
    rounds.push({ bounded: own, unbounded: first ?? (await watched(unbounded)) });
  }
  return rounds;
}

interface Measured {
  readonly kind: JobKind;
  readonly size: number;
  readonly jobs: number;
  readonly rounds: readonly Round[];
  readonly cgroup: MemoryCgroup | undefined;
  readonly limit: number;
}

function rowOf({ kind, size, jobs, rounds, cgroup, limit }: Measured): Row {
  const own = rounds.map(({ bounded }) => bounded);
  const shares = rounds.map(({ bounded, unbounded }) => unbounded.seconds / bounded.seconds);
  const perRound = Math.ceil(jobs / ROUNDS);
  return {
    what: `${kind.name} ${size}²`,
    ...(cgroup && { limitMiB: limit, kills: cgroup.kills() }),
    jobs,
    peakMiB: Math.max(...own.map(({ peakMiB }) => peakMiB)),
    meanMiB: own.reduce((sum, { meanMiB }) => sum + meanMiB, 0) / ROUNDS,
    imagesPerSecond: perRound / median(own.map(({ seconds }) => seconds)),
    cpuSecondsPerImage: median(own.map(({ cpuSeconds }) => cpuSeconds)) / perRound,
    ofUnbounded: median(shares),
    quartiles: quartilesOf(shares),
    unboundedPeakMiB: Math.max(...rounds.map(({ unbounded }) => unbounded.peakMiB)),
  };
}
