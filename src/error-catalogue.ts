/** What the code that catches an error should do about it. */
export type ErrorKind =
  'bad_input' | 'refused' | 'unavailable' | 'fatal' | 'cancelled' | 'internal';

interface CatalogueEntry {
  readonly kind: ErrorKind;
  readonly cause: string;
  readonly remedy: string;
}

/**
 * Every code an error can carry: the metric label, the heading in docs/ERRORS.md (generated from here).
 * `bad_input` fails the job at once; `refused` does so once the remote serves another job, and is retried until then;
 * `unavailable` is retried, and pauses intake when it meets several jobs; `fatal` stops the worker;
 * `cancelled` returns the job to its queue; `internal` is a bug and fails the job.
 */
export const ERROR_CATALOGUE = {
  unsupported_file: {
    kind: 'bad_input',
    cause: 'The file is of a type, or uses a variant of a format, that the consumer does not read.',
    remedy:
      'Convert the image to TIFF (uncompressed, LZW, deflate, zstd or PackBits), PNG or JPEG.',
  },
  corrupt_image: {
    kind: 'bad_input',
    cause: 'The file ends too early or its contents contradict its header.',
    remedy: 'Open the file in an image viewer, save it again and upload it again.',
  },
  blank_image: {
    kind: 'bad_input',
    cause:
      'The image, or a channel that the job uses, holds no values: its pixels are NaN or ' +
      'infinite, or its planes are not in the file.',
    remedy: 'Save the image with its pixels, or name another channel.',
  },
  image_too_large: {
    kind: 'bad_input',
    cause:
      'The image is taller or wider than MAX_IMAGE_HEIGHT or MAX_IMAGE_WIDTH, or has too many frames.',
    remedy: 'Crop the image, or raise the settings named in the message.',
  },
  file_too_large: {
    kind: 'bad_input',
    cause: 'The file in the bucket is larger than MAX_FILE_BYTES.',
    remedy: 'Upload a smaller file, or raise the setting.',
  },
  archive_too_large: {
    kind: 'bad_input',
    cause:
      'The archive has more members than MAX_ARCHIVE_ENTRIES, or expands to more than ' +
      'MAX_ARCHIVE_BYTES or MAX_ARCHIVE_RATIO allow.',
    remedy: 'Split the archive, or raise the setting that the message names.',
  },
  corrupt_archive: {
    kind: 'bad_input',
    cause: 'The file is not a zip or tar archive, or is damaged.',
    remedy: 'Create the archive again and upload it.',
  },
  unsafe_archive: {
    kind: 'bad_input',
    cause: 'The archive has members with absolute paths, paths that lead out of it, or links.',
    remedy: 'Archive the folder itself, with relative paths and the files that links point to.',
  },
  child_failed: {
    kind: 'bad_input',
    cause: 'A job that this job is made of has failed.',
    remedy: 'Correct what the message says about that part, and submit the job again.',
  },
  missing_object: {
    kind: 'bad_input',
    cause: 'The bucket has no object with the name that the job gives.',
    remedy: 'Check input_file_name, or upload it again: uploads are deleted after three days.',
  },
  input_changed: {
    kind: 'bad_input',
    cause: 'The file of the job was replaced or removed in the bucket while the job was under way.',
    remedy: 'Submit the job again, with a file that stays as it is until the job has ended.',
  },
  forbidden_object: {
    kind: 'bad_input',
    cause: 'The name of the object is not allowed, or the object cannot be read as it is stored.',
    remedy: 'Check input_file_name; the message says what is wrong with the object.',
  },
  access_denied: {
    kind: 'refused',
    cause: 'The object store does not let the consumer read or write the object.',
    remedy: 'Check input_file_name and the rights on the bucket. Jobs wait while it serves none.',
  },
  bucket_refused: {
    kind: 'refused',
    cause: 'The object store refused a request for a reason that the consumer does not know.',
    remedy: 'The message quotes the store. Jobs wait while it serves none.',
  },
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
  wrong_dimensions: {
    kind: 'bad_input',
    cause:
      'The image does not have the number of axes or channels that the workflow or the model needs.',
    remedy:
      'Save the file with the axes and channels that the message asks for; where the workflow ' +
      'has the fields dimension_order and channels, set them to match the image.',
  },
  nothing_to_track: {
    kind: 'bad_input',
    cause: 'A frame of the movie has no cells, or no background around them.',
    remedy:
      'Look at the frame that the message names, counted from 0. If it has no cells, submit the movie ' +
      'without it; if it has, choose another model or scale.',
  },
  unknown_model: {
    kind: 'bad_input',
    cause: 'The model server knows no model of this name and version.',
    remedy:
      'Check the model name and version in the job or the settings, and what the server has loaded.',
  },
  model_rejected: {
    kind: 'bad_input',
    cause: 'The model server refused the tensors, usually because of their shape.',
    remedy: 'Check that the image fits the model; the message quotes the server.',
  },
  model_mismatch: {
    kind: 'bad_input',
    cause: 'The inputs or outputs of the model are not those that the workflow needs.',
    remedy: 'Name a model that was exported for this workflow.',
  },
  unsupported_function: {
    kind: 'bad_input',
    cause: 'preprocess_function or postprocess_function names a function that does not exist here.',
    remedy: 'Use one of the names that the message lists.',
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
  model_server_unavailable: {
    kind: 'unavailable',
    cause: 'No model server could be reached, or it is still loading.',
    remedy: 'Check TF_HOST, TF_PORT and the state of the model server; jobs wait until it is back.',
  },
  model_server_overloaded: {
    kind: 'unavailable',
    cause: 'The model server refused work because its queue or its memory is full.',
    remedy: 'None if it passes; otherwise lower PREDICT_CONCURRENCY or add model servers.',
  },
  model_server_error: {
    kind: 'unavailable',
    cause: 'A model server failed while it ran a model, often because of its GPU or memory.',
    remedy:
      'Read the log of the model server and restart it; meanwhile its predictions go to other servers.',
  },
  model_deadline: {
    kind: 'unavailable',
    cause: 'The model server did not answer within GRPC_TIMEOUT.',
    remedy: 'Look at the load of the model server; raise GRPC_TIMEOUT for slow models.',
  },
  bucket_unavailable: {
    kind: 'unavailable',
    cause:
      'The object store could not be reached, throttled the request or dropped the connection.',
    remedy: 'Check the object store; the operation is retried.',
  },
  bucket_corrupt_transfer: {
    kind: 'unavailable',
    cause: 'The bytes received or stored do not match their checksum.',
    remedy: 'None if it passes; otherwise suspect the network or a proxy.',
  },
  redis_unreachable: {
    kind: 'unavailable',
    cause: 'Redis could not be reached, is loading, busy, or a replica.',
    remedy:
      'Check REDIS_HOST, REDIS_PORT and the state of Redis; the consumer reconnects by itself.',
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
  bad_settings: {
    kind: 'fatal',
    cause: 'One or more environment variables have values that are not allowed.',
    remedy: 'Correct the variables that the message lists; `check-config` shows them all.',
  },
  bad_usage: {
    kind: 'fatal',
    cause: 'The command is unknown, or does not take one of its options or arguments.',
    remedy:
      'Use what the message suggests; `help` lists the commands, `--help` the options of one.',
  },
  part_ended: {
    kind: 'fatal',
    cause: 'A process that `local` had started ended unexpectedly.',
    remedy: 'Run the same command again; it resumes. If the error comes back, report the log.',
  },
  result_not_kept: {
    kind: 'bad_input',
    cause: 'The job is done, but its result cannot be stored on this machine.',
    remedy:
      'Free some space, or correct what the message names. Then `fetch` with the key of the job gets ' +
      'the result; after `local`, run the same command again.',
  },
  cannot_listen: {
    kind: 'fatal',
    cause: 'The port for HTTP is in use, or HTTP_HOST is not an address of this machine.',
    remedy: 'Set the variable that the message names.',
  },
  redis_auth: {
    kind: 'fatal',
    cause: 'Redis refused the user name or password.',
    remedy: 'Check REDIS_USERNAME and REDIS_PASSWORD.',
  },
  redis_permission: {
    kind: 'fatal',
    cause: 'The Redis user may not use a command or a key that the consumer needs.',
    remedy:
      'Allow the user the commands and keys that docs/REDIS.md lists; `doctor` tries them all.',
  },
  redis_unsupported: {
    kind: 'fatal',
    cause:
      'This Redis runs in cluster mode (as serverless and sharded services do), is older than ' +
      'version 5, or lacks a command.',
    remedy: 'Use Redis 5 or newer, or Valkey, without cluster mode; a Sentinel may watch it.',
  },
  duplicate_consumer: {
    kind: 'fatal',
    cause: 'Another consumer of this queue runs under the same host name.',
    remedy: 'Stop the other one, or give each consumer its own HOSTNAME.',
  },
  bucket_auth: {
    kind: 'fatal',
    cause: 'The object store refused the credentials of the consumer.',
    remedy: 'Check the service account or the AWS_* variables.',
  },
  bucket_misconfigured: {
    kind: 'fatal',
    cause:
      'The object store refuses every request because of a setting: its name, region or payer.',
    remedy: 'The message quotes the store and names the setting to correct.',
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
