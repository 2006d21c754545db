import { servesReads } from '../../adapters/bucket/serves-reads.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import type { Emit } from '../../facts/flow.ts';
import { type Breakers, breakersOf } from '../../flow/circuit-breaker/breakers.ts';
import type { AnyStage } from '../../flow/stage.ts';
import type { Bucket } from '../../ports.ts';
import type { CoreSettings } from '../settings/read-settings.ts';

const FIRST_PAUSE_MS = 1000;

interface Opening {
  readonly core: CoreSettings;
  readonly stages: readonly AnyStage[];
  readonly bucket: Bucket;
  readonly emit: Emit;
}

/** A circuit breaker for each remote that the stages name. */
export function openBreakers({ core, stages, bucket, emit }: Opening): Breakers {
  const longestPauseMs = core.storageMaxBackoff * 1000;
  return breakersOf(stages, {
    clock,
    jobs: core.jobsInFlight,
    firstPauseMs: Math.min(FIRST_PAUSE_MS, longestPauseMs),
    longestPauseMs,
    emit,
    controls: { bucket_read: (signal) => servesReads(bucket, signal) },
  });
}
