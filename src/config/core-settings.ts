import { AMOUNT_SETTINGS } from './core/amounts.ts';
import { BUCKET_SETTINGS } from './core/bucket.ts';
import { HTTP_AND_LOG_SETTINGS } from './core/http-and-log.ts';
import { LIMIT_SETTINGS } from './core/limits.ts';
import { MODEL_SERVER_SETTINGS } from './core/model-server.ts';
import { REDIS_SETTINGS } from './core/redis.ts';
import { TASK_SETTINGS } from './core/task.ts';
import { TRACE_SETTINGS } from './core/traces.ts';

/** Settings that hold for every workflow, in the order of docs/SETTINGS.md. Those of a workflow stand in its file. */
export const CORE_SETTINGS = {
  ...TASK_SETTINGS,
  ...AMOUNT_SETTINGS,
  ...LIMIT_SETTINGS,
  ...REDIS_SETTINGS,
  ...BUCKET_SETTINGS,
  ...MODEL_SERVER_SETTINGS,
  ...TRACE_SETTINGS,
  ...HTTP_AND_LOG_SETTINGS,
} as const;

/**
 * Variables of the Python consumer that have no effect here, with the reason. Accepted, so that charts need
 * no change.
 */
export const OBSOLETE_SETTINGS: Readonly<Record<string, string>> = {
  INTERVAL: 'Nothing is polled: a job is taken as soon as it arrives.',
  DO_NOTHING_TIMEOUT: 'Nothing is polled.',
  DEBUG: 'LOG_LEVEL decides.',
  GKE_COMPUTE_ZONE: 'The consumer never used it.',
  DRIFT_CORRECT_ENABLED: 'The reference version followed here does not correct drift.',
};
