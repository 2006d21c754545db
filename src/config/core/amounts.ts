import { optional, setting } from '../setting.ts';

/** How much at a time, and for how long. */
export const AMOUNT_SETTINGS = {
  jobsInFlight: setting.integer(
    'JOBS_IN_FLIGHT',
    32,
    'Maximum jobs held at a time, plus one for each queue of CONSUMERS after the first.',
    {
      min: 1,
      max: 10_000,
    },
  ),
  bytesInFlight: optional(
    setting.bytes('BYTES_IN_FLIGHT', 0, 'Maximum memory of all jobs held.'),
    'derived from the memory limit of the container; a modest amount without a limit',
  ),
  computeThreads: optional(
    setting.integer('COMPUTE_THREADS', 0, 'Threads for image processing.', { min: 1, max: 256 }),
    'one per core, or fewer where memory is short',
  ),
  stageTimeout: setting.seconds(
    'STAGE_TIMEOUT',
    900,
    'How long a job may stay in a stage without progress. Then it fails; a stage that talks to the bucket is ' +
      'tried again first. Time in which it waits for memory, or for a model that works on no server, does not count.',
    { min: 1, max: 2_000_000 },
  ),
  shutdownGrace: setting.seconds(
    'SHUTDOWN_GRACE',
    25,
    'How long jobs in flight may take to finish after SIGTERM; then they go back to the queue.',
  ),
  retryBudget: setting.seconds(
    'RETRY_BUDGET',
    600,
    'How long a job keeps trying to reach the bucket. Then it fails if the bucket served other jobs ' +
      'meanwhile; otherwise it goes back to the queue.',
  ),
  reconcileInterval: setting.seconds(
    'RECONCILE_INTERVAL',
    30,
    'Interval between scans of the processing list for keys that no running job owns.',
    { min: 1 },
  ),
} as const;
