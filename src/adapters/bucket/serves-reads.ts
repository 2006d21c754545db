import { randomUUID } from 'node:crypto';
import { classify } from '../../errors.ts';
import type { Bucket } from '../../ports.ts';

/**
 * Whether a bucket serves reads at all, asked with a name that nobody uses: a store says "missing" only to
 * those who may read. One that never says so, because it hides what is missing from those who may not list,
 * gives no proof: false.
 */
export async function servesReads(bucket: Bucket, signal: AbortSignal): Promise<boolean> {
  try {
    await bucket.open(`uploads/${randomUUID()}`, signal);
    return true;
  } catch (error) {
    return classify(error).code === 'missing_object';
  }
}
