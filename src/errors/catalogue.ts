import { BUCKET_ERRORS } from './bucket.ts';
import { FILE_ERRORS } from './files.ts';
import { JOB_ERRORS } from './jobs.ts';
import { MODEL_ERRORS } from './models.ts';
import { PROCESS_ERRORS } from './process.ts';
import { REDIS_ERRORS } from './redis.ts';

/** Every code an error can carry: the metric label, the heading in docs/ERRORS.md (generated from here). */
export const ERROR_CATALOGUE = {
  ...FILE_ERRORS,
  ...JOB_ERRORS,
  ...BUCKET_ERRORS,
  ...MODEL_ERRORS,
  ...REDIS_ERRORS,
  ...PROCESS_ERRORS,
} as const;
