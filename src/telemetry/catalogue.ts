import { type Metric, metric, ofQueue } from './metric.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Fewer than for stages: there are many kernels, and each has its own. */
const KERNEL_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

const ROWS = [1, 2, 4, 8, 16, 32, 64, 128];

/** Every metric, in the order in which docs/METRICS.md explains them. Labels never hold a job, a file or a user. */
export const METRICS = {
  // Jobs
  jobs: ofQueue(
    metric.counter('jobs_total', 'Jobs that left this consumer, by how they ended and why.', [
      'outcome',
      'code',
    ]),
  ),
  jobDuration: ofQueue(
    metric.histogram('job_duration_seconds', 'From claim to settled.', SECONDS, ['outcome']),
  ),
  jobQueueWait: ofQueue(
    metric.histogram(
      'job_queue_wait_seconds',
      'From the submission of a job to its claim, by the clocks of both machines.',
      [...SECONDS, 900, 3600, 14_400],
    ),
  ),
  jobsInFlight: metric.gauge('jobs_inflight', 'Jobs held now.'),
  jobsCapacity: metric.gauge(
    'jobs_capacity',
    'Jobs that may be held at a time: JOBS_IN_FLIGHT, and one for each further queue of CONSUMERS.',
  ),
  jobsRecovered: ofQueue(
    metric.counter('jobs_recovered_total', 'Stranded jobs given back to the queue.', ['by']),
  ),
  parentsParked: ofQueue(
    metric.gauge(
      'parents_parked',
      'Jobs made of jobs that wait here for their children; they hold no memory.',
    ),
  ),
  childrenOpen: ofQueue(
    metric.gauge(
      'children_open',
      'Children of parked jobs that have not ended, whether queued yet or not.',
    ),
  ),
  parentOldest: ofQueue(
    metric.gauge('parent_oldest_seconds', 'How long the oldest of them has waited.'),
  ),
  parentStill: ofQueue(
    metric.gauge(
      'parent_still_seconds',
      'Time since a child of a parked job last ended; the longest of all parked jobs here.',
    ),
  ),
  bytesInFlight: metric.gauge('bytes_budget_used_bytes', 'Memory reserved for the jobs held.'),
  bytesCapacity: metric.gauge(
    'bytes_budget_bytes',
    'Memory that may be reserved: BYTES_IN_FLIGHT.',
  ),
  memoryTight: metric.gauge(
    'memory_tight',
    '1 while the process is close to the memory limit of its container: jobs then run one at a time.',
  ),

  // Stages
  stageDuration: ofQueue(
    metric.histogram(
      'stage_duration_seconds',
      'Time of a job in a stage, waiting excluded.',
      SECONDS,
      ['stage'],
    ),
  ),
  stageWait: ofQueue(
    metric.histogram('stage_wait_seconds', 'Time a job waited to get into a stage.', SECONDS, [
      'stage',
    ]),
  ),
  stageInFlight: metric.gauge('stage_inflight', 'Jobs in a stage now.', ['stage']),
  stageWaiting: metric.gauge('stage_waiting', 'Jobs that wait to get into a stage now.', ['stage']),
  stageCapacity: metric.gauge('stage_capacity', 'Jobs that may be in a stage at a time.', [
    'stage',
  ]),
  stageBusy: metric.counter(
    'stage_busy_seconds_total',
    'Time with at least one job in the stage.',
    ['stage'],
  ),
  stageBlocked: metric.counter(
    'stage_blocked_seconds_total',
    'Time with jobs waiting although the stage has places: they wait for memory.',
    ['stage'],
  ),
  stageIdle: metric.counter(
    'stage_idle_seconds_total',
    'Time with nothing in the stage and nothing waiting.',
    ['stage'],
  ),
  stageErrors: ofQueue(
    metric.counter('stage_errors_total', 'Jobs that failed in a stage, by code.', [
      'stage',
      'code',
    ]),
  ),
  stageRetries: ofQueue(
    metric.counter('stage_retries_total', 'Attempts of a stage that were repeated, by code.', [
      'stage',
      'code',
    ]),
  ),
  stageMemory: metric.gauge(
    'stage_memory_bytes',
    'Memory that jobs have reserved, by the stage that they are in or were in last.',
    ['stage'],
  ),
  stageBytes: ofQueue(
    metric.counter('stage_bytes_total', 'Bytes that a stage read (`in`) or wrote (`out`).', [
      'stage',
      'direction',
    ]),
  ),

  // Compute threads
  kernelDuration: metric.histogram(
    'kernel_duration_seconds',
    'Time of a kernel on a compute thread.',
    KERNEL_SECONDS,
    ['kernel'],
  ),
  kernelWait: metric.histogram(
    'kernel_wait_seconds',
    'Time that a kernel waited for a compute thread.',
    SECONDS,
  ),
  kernelErrors: metric.counter('kernel_errors_total', 'Kernels that failed, by code.', [
    'kernel',
    'code',
  ]),
  kernelsWaiting: metric.gauge('kernels_waiting', 'Kernels that wait for a compute thread now.'),
  threadsLost: metric.counter(
    'compute_threads_lost_total',
    'Compute threads that ended while they ran a kernel: out of memory, a crash, or given up for too long.',
  ),
  threadsBusy: metric.gauge('compute_threads_busy', 'Compute threads that run a kernel now.'),
  threads: metric.gauge('compute_threads', 'Compute threads: COMPUTE_THREADS.'),

  // Intake
  queueDepth: ofQueue(metric.gauge('queue_depth', 'Jobs that wait in the queue.')),
  processingDepth: ofQueue(
    metric.gauge('processing_depth', 'Keys in the processing list of this consumer.'),
  ),
  deadLetters: ofQueue(
    metric.gauge(
      'dead_letters',
      'Jobs of the queue that crashed their consumers again and again and were given up.',
    ),
  ),
  intakePaused: ofQueue(
    metric.gauge('intake_paused', '1 while no jobs are taken because a remote is down.'),
  ),
  breakerState: metric.gauge(
    'breaker_state',
    'Whether a remote serves jobs: 0 closed (it does), 1 half open (one job tries), 2 open (none does).',
    ['remote'],
  ),
  intakeLastTurn: ofQueue(
    metric.gauge(
      'intake_last_turn_timestamp_seconds',
      'When the intake loop last turned, in seconds since 1970.',
    ),
  ),
  intakeErrors: ofQueue(
    metric.counter('intake_errors_total', 'Failures of the intake loop, by code.', ['code']),
  ),
  redisWriteErrors: ofQueue(
    metric.counter('redis_write_errors_total', 'Writes to a hash that failed, by code.', ['code']),
  ),

  // Predictions
  batchRows: metric.histogram('predict_batch_rows', 'Rows of a request to a model server.', ROWS, [
    'model',
  ]),
  batchFill: metric.histogram(
    'predict_batch_fill_ratio',
    'Share of the rows that a request may carry.',
    [0.125, 0.25, 0.5, 0.75, 1],
    ['model'],
  ),
  batchBytes: metric.counter('predict_bytes_total', 'Bytes of tensors sent.', ['model']),
  batchWait: metric.histogram(
    'predict_batch_wait_seconds',
    'How long the first row of a request waited for others to fill it.',
    SECONDS,
    ['model'],
  ),
  batchDuration: metric.histogram(
    'predict_call_seconds',
    'Time of a call to a model server.',
    SECONDS,
    ['model'],
  ),
  batchErrors: metric.counter(
    'predict_errors_total',
    'Calls to model servers that failed, by code.',
    ['model', 'code'],
  ),
  rowsRepeated: metric.counter(
    'predict_rows_repeated_total',
    'Rows that had to be sent again, by code.',
    ['model', 'code'],
  ),
  endpointLimit: metric.gauge(
    'predict_limit',
    'Calls that may be in flight to a model server now.',
    ['endpoint'],
  ),
  endpointUp: metric.gauge('predict_endpoint_up', '1 while a model server answers.', ['endpoint']),
  modelUp: metric.gauge(
    'predict_model_up',
    '0 while a model fails on a model server; 1 once it works there again.',
    ['model', 'endpoint'],
  ),
  breakerOpen: ofQueue(
    metric.gauge('predict_breaker_open', '1 while no prediction works and no jobs are taken.'),
  ),

  // Scaling
  saturation: ofQueue(
    metric.gauge(
      'saturation_ratio',
      'Share of the places taken in the fullest stage, or of the permits: 1 means that more jobs need more consumers.',
    ),
  ),
  desiredWork: ofQueue(
    metric.gauge('desired_work', 'Jobs that wait in the queue and jobs held by this consumer.'),
  ),
} as const satisfies Record<string, Metric>;
