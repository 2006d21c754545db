import { hash } from 'node:crypto';

/**
 * What stands for a job where anybody may look: ten hexadecimal digits, which are in its log lines too. The key itself
 * would let a stranger find the result of the job.
 */
export function shortId(key: string): string {
  return hash('sha256', `shown:${key}`).slice(0, 10);
}
