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
    remedy: 'Open the file in an image viewer, save it again and upload it anew.',
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
      'The image is higher or wider than MAX_IMAGE_HEIGHT or MAX_IMAGE_WIDTH, or has too many frames.',
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
    remedy: 'Create the archive again and upload it anew.',
  },
  unsafe_archive: {
    kind: 'bad_input',
    cause: 'The archive has members with absolute paths, paths that lead out of it, or links.',
    remedy:
      'Archive the folder itself, with relative paths and with the files that links point to.',
  },
  child_failed: {
    kind: 'bad_input',
    cause: 'A job that this job is made of has failed.',
    remedy: 'Correct what the message says about that part, and submit the job again.',
  },
  missing_object: {
    kind: 'bad_input',
    cause: 'The bucket holds no object of the name that the job gives.',
    remedy:
      'Check input_file_name, or upload the file again: the bucket deletes uploads after three days.',
  },
  forbidden_object: {
    kind: 'bad_input',
    cause: 'The name of the object is not allowed, or the object cannot be read as it is stored.',
    remedy: 'Check input_file_name; the message says what is wrong with the object.',
  },
  access_denied: {
    kind: 'refused',
    cause: 'The object store does not let the consumer read or write the object.',
    remedy:
      'Check input_file_name, and the permissions of the service account on the bucket; jobs ' +
      'wait while it serves none.',
  },
  bucket_refused: {
    kind: 'refused',
    cause: 'The object store refused a request for a reason that the consumer does not know.',
    remedy: 'The message holds the words of the store; jobs wait while it serves none.',
  },
  invalid_job: {
    kind: 'bad_input',
    cause: 'A field of the job is missing or has a value that the workflow does not take.',
    remedy: 'Submit the job again with the field that the message names corrected.',
  },
  invalid_file_type: {
    kind: 'bad_input',
    cause: 'The queue does not take files of this type.',
    remedy: 'Choose the job type that fits the file.',
  },
  wrong_dimensions: {
    kind: 'bad_input',
    cause: 'The image has another number of axes or channels than the workflow or the model needs.',
    remedy:
      'Save the file with the axes and channels that the message asks for; where the workflow ' +
      'has the fields dimension_order and channels, set them to match the image.',
  },
  nothing_to_track: {
    kind: 'bad_input',
    cause: 'A frame of the movie has no cells, or no background around them.',
    remedy:
      'Look at the frame that the message names, counted from 0, and submit the movie without it; ' +
      'where cells are there, their model or its scale does not fit.',
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
    remedy: 'Check that the image fits the model; the message holds the words of the server.',
  },
  model_mismatch: {
    kind: 'bad_input',
    cause: 'The model has other inputs or outputs than the workflow can work with.',
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
    remedy: 'Nothing; `retry` submits it again.',
  },
  crashed_worker: {
    kind: 'bad_input',
    cause: 'Workers crashed again and again while they had this job.',
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
    remedy:
      'Check TF_HOST and TF_PORT and the state of the model server; jobs wait until it is back.',
  },
  model_server_overloaded: {
    kind: 'unavailable',
    cause: 'The model server refused work because its queue or its memory is full.',
    remedy: 'Nothing if it passes; else lower PREDICT_CONCURRENCY or add model servers.',
  },
  model_server_error: {
    kind: 'unavailable',
    cause:
      'A model server failed inside while it ran a model; often its GPU or its memory is broken.',
    remedy:
      'Read the log of the model server and restart it; its predictions go to other servers meanwhile.',
  },
  model_deadline: {
    kind: 'unavailable',
    cause: 'The model server did not answer within GRPC_TIMEOUT.',
    remedy: 'Look at the load of the model server; raise GRPC_TIMEOUT for slow models.',
  },
  bucket_unavailable: {
    kind: 'unavailable',
    cause: 'The object store could not be reached, throttled the request or broke off.',
    remedy: 'Check the object store; the operation is retried.',
  },
  bucket_corrupt_transfer: {
    kind: 'unavailable',
    cause: 'The bytes received or stored do not match their checksum.',
    remedy: 'Nothing if it passes; else suspect the network or a proxy.',
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
    remedy: 'Look at what the stage waits for on the dashboard; STAGE_TIMEOUT is the limit.',
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
    cause: 'The words after the name of the program are not those that a command takes.',
    remedy: 'Use what the message names; `help` lists the commands, `--help` the options of one.',
  },
  part_ended: {
    kind: 'fatal',
    cause: 'A process that `local` had started ended by itself.',
    remedy: 'Give the same command again: it goes on. If that happens again, report the log.',
  },
  result_not_kept: {
    kind: 'bad_input',
    cause: 'The job is done, but its result cannot be stored on this machine.',
    remedy:
      'Make room, or correct what the message names; then `fetch` with the key of the job gets ' +
      'the result (after `local`: the same command again).',
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
    remedy: 'Use a Redis 5 or newer, or a Valkey, without cluster mode; a Sentinel may watch it.',
  },
  duplicate_consumer: {
    kind: 'fatal',
    cause: 'Another consumer of this queue runs under the same host name.',
    remedy: 'Stop the other one, or give each its own HOSTNAME.',
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
    remedy: 'The message holds the words of the store and the setting to correct.',
  },
  claim_lost: {
    kind: 'cancelled',
    cause: 'Another consumer has taken the job over, or the job was deleted.',
    remedy: 'None: nothing was written, and the other consumer finishes the job.',
  },
  remote_outage: {
    kind: 'cancelled',
    cause: 'What a stage needs served no job for as long as RETRY_BUDGET.',
    remedy:
      'Check the remote that the message names. No job fails of it: they are back in their queue.',
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
    cause: 'The workflow is of your own, and something that it left is not what it must be.',
    remedy:
      'Fix the file of the workflow: the message names the stage and the value. Try it with `workflow run`.',
  },
  internal: {
    kind: 'internal',
    cause: 'A bug in the consumer.',
    remedy: 'Report it with the log lines of the job.',
  },
} as const satisfies Record<string, CatalogueEntry>;
