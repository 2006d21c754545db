import type { Job } from '../job/job.ts';
import type { Bucket, JobHashes } from '../ports.ts';

interface Surroundings {
  readonly hashes: Pick<JobHashes, 'exists'>;
  readonly runtime: { readonly ports: { readonly bucket: Pick<Bucket, 'remove'> } };
}

/**
 * Removes what a child may have stored whose parent has ended meanwhile, and deleted it: nobody else knows
 * its name. A child that another consumer has taken over keeps it.
 */
export async function removeOrphan(
  { key, parent, resultId }: Job,
  { hashes, runtime }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  if (parent === undefined || resultId === '') return;
  try {
    if (await hashes.exists(key)) return;
    await runtime.ports.bucket.remove(`output/${resultId}.zip`, signal);
  } catch {
    // The bucket lets it expire.
  }
}
