/** Fields that the Kiosk's web page, its other parts and consumers write: they say nothing of what a user wants. */
const WRITTEN_BY_PROGRAMS = [
  'original_name',
  'input_file_name',
  'url',
  'cuts',
  'status',
  'progress',
  'reason',
  'error_code',
  'failures',
  'created_at',
  'updated_at',
  'updated_by',
  'finished_at',
  'identity_upload',
  'identity_started',
  'download_time',
  'preprocess_time',
  'prediction_time',
  'postprocess_time',
  'upload_time',
  'cleanup_time',
  'children_upload_time',
  'total_time',
  'total_jobs',
  'predict_retries',
  'output_url',
  'output_file_name',
  'dim_order',
  'children',
  'children:done',
  'children:failed',
  'children:total',
  'traceparent',
  'tracestate',
  // Ours.
  'warnings',
  'cells',
  'spots',
  'input',
  'attempts',
  'result_id',
  'parent',
  'place',
  'parked',
  'parked_queue',
  'parked_wake',
  'child_queue',
  'claim_key',
  'claim_token',
  'claim_owner',
  'claim_counted',
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

const KNOWN: ReadonlySet<string> = new Set([...WRITTEN_BY_PROGRAMS, ...FORM_FIELDS]);

/** The fields of a hash that are set, that no workflow is known to read, and that no program is known to write. */
export function unknownFields(
  fields: Readonly<Record<string, string | undefined>>,
  declared: ReadonlySet<string>,
): string[] {
  return Object.keys(fields).filter(
    (name) => !KNOWN.has(name) && !declared.has(name) && (fields[name] ?? '').trim() !== '',
  );
}
