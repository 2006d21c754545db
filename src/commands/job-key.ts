import { createHash } from 'node:crypto';

/** The queue that the key of a job names: what stands before its first colon. */
export function queueOf(key: string): string {
  return key.split(':', 1)[0] ?? '';
}

/**
 * The key of the job that `retry` makes of a job: `<queue>:<name>:<32 hex>`, as keys of parts are called. It
 * follows from the old key, so that retrying a job twice makes one new job.
 */
export function retriedKey(key: string): string {
  const digest = createHash('sha256').update(`retry\n${key}`).digest('hex').slice(0, 32);
  const [queue, ...rest] = key.split(':');
  const name = rest.slice(0, Math.max(1, rest.length - 1)).join(':');
  return `${queue}:${name}:${digest}`;
}
