import type { AnyStage } from '../stage.ts';
import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';

/** The circuit breaker of each remote, by its name. */
export type Breakers = ReadonlyMap<string, CircuitBreaker>;

interface BreakersOptions extends Omit<CircuitBreakerOptions, 'remote' | 'control' | 'opensAfter'> {
  /** Jobs that may be held at a time: no more can fail in a row. */
  readonly jobs: number;
  readonly controls: Readonly<Partial<Record<string, CircuitBreakerOptions['control']>>>;
}

/** Two jobs may fail by chance, or because somebody uploaded two bad files. */
const OPENS_AFTER = 3;

/** One breaker for each remote that the stages name. */
export function breakersOf(
  stages: readonly AnyStage[],
  { jobs, controls, ...options }: BreakersOptions,
): Breakers {
  const remotes = new Set(stages.flatMap(({ remote }) => remote ?? []));
  return new Map(
    Array.from(remotes, (remote) => {
      const control = controls[remote];
      const opensAfter = Math.min(OPENS_AFTER, jobs);
      return [
        remote,
        new CircuitBreaker({ ...options, remote, opensAfter, ...(control && { control }) }),
      ];
    }),
  );
}
