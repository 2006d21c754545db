import type { Shortages } from './metrics/shortage-meter.ts';
import type { StageRow } from './stage-row.ts';

/** What holds the consumer up. */
export interface Bottleneck {
  /** What there is too little of. */
  readonly lacks: 'places' | 'threads' | 'servers' | 'memory' | 'permits';
  /** The stage to look at, if it is one. */
  readonly stage?: string;
  /** In words, with what to do. */
  readonly reason: string;
}

interface Permits {
  readonly held: { readonly jobs: number };
  readonly limits: { readonly jobs: number };
}

/** Of the last seconds. A stage that is full for a moment holds nobody up. */
const MOST_OF_THE_TIME = 0.5;

/**
 * What jobs wait for most of the time: places in a stage, of the one with the most jobs before it; else compute
 * threads or model servers; else memory, which fills up behind those and would not help there; else permits.
 */
export function findBottleneck(
  stages: readonly StageRow[],
  { held, limits }: Permits,
  { memory, threads, servers }: Shortages,
): Bottleneck | undefined {
  const full = stages.filter(({ fullShare }) => fullShare >= MOST_OF_THE_TIME);
  const [worst] = full.toSorted((one, other) => other.waiting - one.waiting);
  if (worst !== undefined)
    return { lacks: 'places', stage: worst.name, reason: wordsForFull(worst) };
  if (threads >= MOST_OF_THE_TIME) return { lacks: 'threads', reason: wordsForThreads(threads) };
  if (servers >= MOST_OF_THE_TIME) return { lacks: 'servers', reason: wordsForServers(servers) };
  if (memory >= MOST_OF_THE_TIME) return { lacks: 'memory', reason: wordsForMemory(memory) };
  if (held.jobs < limits.jobs) return undefined;
  const [fullest] = stages.toSorted((one, other) => other.inFlight - one.inFlight);
  if (fullest === undefined) return undefined;
  return { lacks: 'permits', stage: fullest.name, reason: wordsForPermits(fullest, limits.jobs) };
}

function wordsForFull({ name, inFlight, capacity, waiting }: StageRow): string {
  const jobs = waiting === 1 ? '1 job waits' : `${waiting} jobs wait`;
  const waits = waiting === 0 ? '' : ` and ${jobs}`;
  return `${name} is the bottleneck: ${inFlight} of ${capacity} places are taken${waits}. ${advice(name)}`;
}

function wordsForThreads(share: number): string {
  return (
    `Processor cores are the bottleneck: jobs waited for a compute thread for ${percent(share)} of the last seconds. ` +
    'Give this container more cores, or run more consumers.'
  );
}

function wordsForServers(share: number): string {
  return (
    'Model servers are the bottleneck: predictions waited, because the servers had all the calls that they take, for ' +
    `${percent(share)} of the last seconds. Run more model servers.`
  );
}

function wordsForMemory(share: number): string {
  return (
    `Memory is the bottleneck: jobs waited for it for ${percent(share)} of the last seconds. ` +
    'Raise the memory limit of this container, or run more consumers.'
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function wordsForPermits({ name, inFlight }: StageRow, jobs: number): string {
  return (
    `All ${jobs} jobs that may be held are here, ${inFlight} of them in ${name}. ` +
    'Raise JOBS_IN_FLIGHT if there is memory left, or run more consumers.'
  );
}

function advice(stage: string): string {
  const setting = `${stage.toUpperCase()}_CONCURRENCY`;
  return stage === 'predict'
    ? `Run more model servers, or raise ${setting} if they are not busy.`
    : `Raise ${setting} if this machine is not busy, or run more consumers.`;
}
