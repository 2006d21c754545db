import { type Metric, metric, ofQueue } from './metric.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Fewer than for stages: there are many kernels, and each has its own. */
const KERNEL_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60];

const ROWS = [1, 2, 4, 8, 16, 32, 64, 128];

/** Every metric, in the order in which docs/METRICS.md explains them. Labels never hold a job, a file or a user. */
export const METRICS = {
  // Jobs
  jobs: ofQueue(
    metric.counter('jobs_total', 'Jobs that left this consumer, by outcome and error code.', [
      'outcome',
      'code',
    ]),
  ),
  jobDuration: ofQueue(
    metric.histogram(
      'job_duration_seconds',
      'Time from the claim of a job to its settlement.',
      SECONDS,
      ['outcome'],
    ),
  ),
  jobQueueWait: ofQueue(
    metric.histogram(
      'job_queue_wait_seconds',
      'Time from the submission of a job to its claim, by the clocks of both machines.',
      [...SECONDS, 900, 3600, 14_400],
    ),
  ),
  jobsInFlight: metric.gauge('jobs_inflight', 'Jobs in flight.'),
  jobsCapacity: metric.gauge(
    'jobs_capacity',
    'Maximum jobs in flight: JOBS_IN_FLIGHT, plus one for each queue of CONSUMERS after the first.',
  ),
  jobsRecovered: ofQueue(
    metric.counter('jobs_recovered_total', 'Stranded jobs returned to the queue.', ['by']),
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
    metric.gauge('parent_oldest_seconds', 'How long the oldest parked job has waited.'),
  ),
  parentStill: ofQueue(
    metric.gauge(
      'parent_still_seconds',
      'Time since a child of a parked job last ended; the longest of all parked jobs here.',
    ),
  ),
  bytesInFlight: metric.gauge('bytes_budget_used_bytes', 'Memory reserved for jobs in flight.'),
  bytesCapacity: metric.gauge(
    'bytes_budget_bytes',
    'Memory that may be reserved: BYTES_IN_FLIGHT.',
  ),
  memoryTight: metric.gauge(
    'memory_tight',
    '1 while the process is close to the memory limit of its container: jobs then run one at a time.',
  ),
  memoryBlocked: metric.counter(
    'memory_blocked_seconds_total',
    'Time in which jobs, here or in the queue, waited for memory.',
  ),

  // Stages
  stageDuration: ofQueue(
    metric.histogram(
      'stage_duration_seconds',
      'Time that a job spent in a stage, without waiting.',
      SECONDS,
      ['stage'],
    ),
  ),
  stageWait: ofQueue(
    metric.histogram('stage_wait_seconds', 'Time that a job waited to enter a stage.', SECONDS, [
      'stage',
    ]),
  ),
  stageInFlight: metric.gauge('stage_inflight', 'Jobs in a stage.', ['stage']),
  stageWaiting: metric.gauge('stage_waiting', 'Jobs that wait to enter a stage.', ['stage']),
  stageCapacity: metric.gauge('stage_capacity', 'Maximum jobs in a stage at a time.', ['stage']),
  stageBusy: metric.counter(
    'stage_busy_seconds_total',
    'Time with at least one job in the stage.',
    ['stage'],
  ),
  stageBlocked: metric.counter(
    'stage_blocked_seconds_total',
    'Time with jobs waiting for memory although the stage has free places.',
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
    metric.counter('stage_retries_total', 'Retries of a stage, by code.', ['stage', 'code']),
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
    'Time that a kernel ran on a compute thread.',
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
  kernelsWaiting: metric.gauge('kernels_waiting', 'Kernels that wait for a compute thread.'),
  threadsLost: metric.counter(
    'compute_threads_lost_total',
    'Compute threads that ended while running a kernel: out of memory, crashed, or stopped after a timeout.',
  ),
  threadsBusy: metric.gauge('compute_threads_busy', 'Compute threads that run a kernel.'),
  threads: metric.gauge('compute_threads', 'Number of compute threads.'),

  // Intake
  queueDepth: ofQueue(metric.gauge('queue_depth', 'Jobs that wait in the queue.')),
  processingDepth: ofQueue(
    metric.gauge('processing_depth', 'Keys in the processing list of this consumer.'),
  ),
  deadLetters: ofQueue(
    metric.gauge(
      'dead_letters',
      'Jobs of the queue that were given up because they crashed their consumers repeatedly.',
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
      'When the intake loop last made progress, in seconds since 1970.',
    ),
  ),
  intakeErrors: ofQueue(
    metric.counter('intake_errors_total', 'Failures of the intake loop, by code.', ['code']),
  ),
  redisWriteErrors: ofQueue(
    metric.counter('redis_write_errors_total', 'Writes to a hash that failed, by code.', ['code']),
  ),

  // Predictions
  batchRows: metric.histogram('predict_batch_rows', 'Rows in a request to a model server.', ROWS, [
    'model',
  ]),
  batchFill: metric.histogram(
    'predict_batch_fill_ratio',
    'Rows in a request, as a share of the maximum.',
    [0.125, 0.25, 0.5, 0.75, 1],
    ['model'],
  ),
  batchBytes: metric.counter('predict_bytes_total', 'Bytes of tensors sent to model servers.', [
    'model',
  ]),
  batchWait: metric.histogram(
    'predict_batch_wait_seconds',
    'How long the first row of a request waited for others to fill it.',
    SECONDS,
    ['model'],
  ),
  batchDuration: metric.histogram(
    'predict_call_seconds',
    'Duration of a call to a model server.',
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
    'Rows sent again after a failure, by code.',
    ['model', 'code'],
  ),
  serversFull: metric.counter(
    'predict_full_seconds_total',
    'Time in which predictions waited because every model server that answers had as many calls as it takes.',
  ),
  endpointLimit: metric.gauge('predict_limit', 'Maximum calls in flight to a model server now.', [
    'endpoint',
  ]),
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
      'Share of places taken in the fullest stage, or of permits taken: at 1, more jobs need more consumers.',
    ),
  ),
  desiredWork: ofQueue(
    metric.gauge('desired_work', 'Jobs that wait in the queue, plus jobs in flight here.'),
  ),
} as const satisfies Record<string, Metric>;
