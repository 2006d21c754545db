import type { StageRow } from './stage-row.ts';

/** What holds the consumer up. */
export interface Bottleneck {
  readonly stage: string;
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
 * The stage with the most jobs waiting before it, of those whose places are all taken most of the time; while there is
 * none, the one that holds most of the jobs, if no more jobs may be held.
 */
export function findBottleneck(
  stages: readonly StageRow[],
  { held, limits }: Permits,
): Bottleneck | undefined {
  const full = stages.filter(({ fullShare }) => fullShare >= MOST_OF_THE_TIME);
  const [worst] = full.toSorted((one, other) => other.waiting - one.waiting);
  if (worst !== undefined) return { stage: worst.name, reason: wordsForFull(worst) };
  if (held.jobs < limits.jobs) return undefined;
  const [fullest] = stages.toSorted((one, other) => other.inFlight - one.inFlight);
  return fullest && { stage: fullest.name, reason: wordsForPermits(fullest, limits.jobs) };
}

function wordsForFull({ name, inFlight, capacity, waiting }: StageRow): string {
  const jobs = waiting === 1 ? '1 job waits' : `${waiting} jobs wait`;
  const waits = waiting === 0 ? '' : ` and ${jobs}`;
  return `${name} is the bottleneck: ${inFlight} of ${capacity} places are taken${waits}. ${advice(name)}`;
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
