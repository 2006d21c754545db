/** Fields in which a parent lists what each of its children has taken, besides saying it of itself. */
export const LISTED_OF_CHILDREN = [
  'prediction_time',
  'postprocess_time',
  'upload_time',
  'download_time',
  'total_time',
  'predict_retries',
] as const;

const OF_ONE_RUN = [
  'attempts',
  'claim_counted',
  'claim_crashes',
  'parked',
  'parked_queue',
  'parked_wake',
  'progress',
  'children',
  'children:done',
  'children:failed',
  'children:total',
  'children:version',
  'children:finds',
  'children:images',
  'input',
  'warnings',
  'cells',
  'spots',
  'failures',
  'reason',
  'error_code',
  'output_url',
  'output_file_name',
  'finished_at',
  'result_stored',
] as const;

/**
 * What a run leaves in the hash of its job, and would be untrue of the next: it is dropped when the job begins
 * anew. The scripts of Redis have the same list, in `parts/job.lua`.
 */
export const RUN_FIELDS: ReadonlySet<string> = new Set([
  ...OF_ONE_RUN,
  ...LISTED_OF_CHILDREN,
  'total_jobs',
]);

/**
 * Fields that programs write of one job alone: they mean something else in another, so that children do not
 * take them over.
 */
export const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...OF_ONE_RUN,
  'claim_key',
  'claim_token',
  'claim_owner',
  'result_id',
  'parent',
  'place',
  'child_queue',
  'identity_started',
  'status',
  'updated_by',
  'traceparent',
]);

/** Whether consumers write a field, of whatever length. */
export function isWrittenByConsumers(name: string): boolean {
  return OWN_FIELDS.has(name) || LISTED_OF_CHILDREN.some((listed) => listed === name);
}

/**
 * Other fields that the Kiosk's web page, its other parts and consumers write: they say nothing of what a
 * user wants.
 */
const WRITTEN_BY_PROGRAMS = [
  ...LISTED_OF_CHILDREN,
  'original_name',
  'input_file_name',
  'url',
  'cuts',
  'created_at',
  'updated_at',
  'identity_upload',
  'preprocess_time',
  'cleanup_time',
  'children_upload_time',
  'total_jobs',
  'dim_order',
  'tracestate',
] as const;

/** What the web page writes for every job, whether its workflow reads it or not. */
const FORM_FIELDS = [
  'model_name',
  'model_version',
  'preprocess_function',
  'postprocess_function',
  'label',
  'dimension_order',
  'channels',
  'scale',
  'segmentation_type',
  'compartment',
  'pixel_size',
] as const;

const KNOWN: ReadonlySet<string> = new Set([...OWN_FIELDS, ...WRITTEN_BY_PROGRAMS, ...FORM_FIELDS]);

/** Whether programs write a field of this name, so that users cannot set it. */
export function isWrittenByPrograms(name: string): boolean {
  return OWN_FIELDS.has(name) || WRITTEN_BY_PROGRAMS.some((written) => written === name);
}

/** The fields of a hash that are set, that no workflow is known to read, and that no program is known to write. */
export function unknownFields(
  fields: Readonly<Record<string, string | undefined>>,
  declared: ReadonlySet<string>,
): string[] {
  return Object.keys(fields).filter(
    (name) => !KNOWN.has(name) && !declared.has(name) && (fields[name] ?? '').trim() !== '',
  );
}
