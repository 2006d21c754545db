import { createHash } from 'node:crypto';

/**
 * What stands for a job where anybody may look: ten hexadecimal digits, which are in its log lines too. The key itself
 * would let a stranger find the result of the job.
 */
export function shortId(key: string): string {
  return createHash('sha256').update(`shown:${key}`).digest('hex').slice(0, 10);
}
