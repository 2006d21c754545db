import type { CatalogueEntry } from './entry.ts';

/** What may happen to a job, whatever its file and its models. */
export const JOB_ERRORS = {
  invalid_job: {
    kind: 'bad_input',
    cause: 'A field of the job is missing or has a value that the workflow does not take.',
    remedy: 'Correct the field that the message names, and submit the job again.',
  },
  invalid_file_type: {
    kind: 'bad_input',
    cause: 'The queue does not take files of this type.',
    remedy: 'Submit the job to a queue that takes such files.',
  },
  child_failed: {
    kind: 'bad_input',
    cause: 'A job that this job is made of has failed.',
    remedy: 'Correct what the message says about that part, and submit the job again.',
  },
  cancelled: {
    kind: 'bad_input',
    cause: 'Somebody took the job out of its queue with `cancel`.',
    remedy: 'None needed; `retry` submits it again.',
  },
  crashed_worker: {
    kind: 'bad_input',
    cause: 'Workers crashed repeatedly while they had this job.',
    remedy:
      'See `dead-letters list`; put the job back with `dead-letters redrive` once the cause is found.',
  },
  out_of_memory: {
    kind: 'bad_input',
    cause: 'A step of the image processing needs more memory than the consumer has.',
    remedy: 'Crop the image, or give the consumer more memory.',
  },
  stage_timeout: {
    kind: 'unavailable',
    cause: 'A stage that talks to the bucket made no progress within its time limit.',
    remedy: 'See on the dashboard what the stage waits for; STAGE_TIMEOUT is the limit.',
  },
  job_timeout: {
    kind: 'bad_input',
    cause: 'A stage made no progress for STAGE_TIMEOUT.',
    remedy: 'Crop the image, or raise the setting that the message names.',
  },
  claim_lost: {
    kind: 'cancelled',
    cause: 'Another consumer has taken the job over, or the job was deleted.',
    remedy: 'None: this consumer wrote nothing; one that took the job over finishes it.',
  },
  remote_outage: {
    kind: 'cancelled',
    cause: 'A remote that a stage needs served no job for as long as RETRY_BUDGET.',
    remedy:
      'Check the remote that the message names. No job fails because of it: the jobs are back in their queue.',
  },
  memory_shortage: {
    kind: 'cancelled',
    cause: 'An older job needed the memory that this job held while it waited for more.',
    remedy:
      'None: the job is back in its queue. If it happens often, give the container more memory ' +
      'or lower JOBS_IN_FLIGHT.',
  },
  shutting_down: {
    kind: 'cancelled',
    cause: 'The consumer was told to stop.',
    remedy: 'None: the job is back in its queue.',
  },
  bad_workflow: {
    kind: 'internal',
    cause: 'A workflow of your own left a value that is not what it must be.',
    remedy:
      'Fix the workflow where the message says, which names the stage and the value, and try it with `workflow run`.',
  },
  internal: {
    kind: 'internal',
    cause: 'A bug in the consumer.',
    remedy: 'Report it with the log lines of the job.',
  },
} as const satisfies Record<string, CatalogueEntry>;
