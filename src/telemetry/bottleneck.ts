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

/**
 * The stage with the most jobs waiting before it, if all its places are taken; while no stage is full, the one that
 * holds most of the jobs, if no more jobs may be held.
 */
export function findBottleneck(
  stages: readonly StageRow[],
  { held, limits }: Permits,
): Bottleneck | undefined {
  const full = stages.filter(
    ({ inFlight, capacity, waiting }) => inFlight >= capacity && waiting > 0,
  );
  const [worst] = full.toSorted((one, other) => other.waiting - one.waiting);
  if (worst !== undefined) return { stage: worst.name, reason: wordsForFull(worst) };
  if (held.jobs < limits.jobs) return undefined;
  const [fullest] = stages.toSorted((one, other) => other.inFlight - one.inFlight);
  return fullest && { stage: fullest.name, reason: wordsForPermits(fullest, limits.jobs) };
}

function wordsForFull({ name, inFlight, capacity, waiting }: StageRow): string {
  return (
    `${name} is the bottleneck: ${inFlight} of ${capacity} places are taken and ${waiting} ` +
    `${waiting === 1 ? 'job waits' : 'jobs wait'}. ${advice(name)}`
  );
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
