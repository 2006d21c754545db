import { optional, setting } from '../setting.ts';

/** How much at a time, and for how long. */
export const AMOUNT_SETTINGS = {
  jobsInFlight: setting.integer(
    'JOBS_IN_FLIGHT',
    32,
    'Jobs held at a time; one more for each further queue of CONSUMERS.',
    {
      min: 1,
      max: 10_000,
    },
  ),
  bytesInFlight: optional(
    setting.bytes('BYTES_IN_FLIGHT', 0, 'Memory that the jobs held may take together.'),
    'what follows from the memory limit of the container; modest where there is none',
  ),
  computeThreads: optional(
    setting.integer('COMPUTE_THREADS', 0, 'Threads for image processing.', { min: 1, max: 256 }),
    'one for each core, as far as memory allows',
  ),
  stageTimeout: setting.seconds(
    'STAGE_TIMEOUT',
    900,
    'Time that a job may be in a stage without progress before it fails; time while the model ' +
      'servers are down does not count.',
    { min: 1, max: 2_000_000 },
  ),
  shutdownGrace: setting.seconds(
    'SHUTDOWN_GRACE',
    25,
    'Time that jobs in flight get to finish after SIGTERM before they go back to the queue.',
  ),
  retryBudget: setting.seconds(
    'RETRY_BUDGET',
    600,
    'How long a job tries to reach the bucket. Then it fails if other jobs were served ' +
      'meanwhile, else it goes back to the queue.',
  ),
  reconcileInterval: setting.seconds(
    'RECONCILE_INTERVAL',
    30,
    'How often the processing list is searched for keys that no job here owns.',
    { min: 1 },
  ),
} as const;
