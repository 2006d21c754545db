import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { classify } from '../../errors.ts';
import type { Bucket } from '../../ports.ts';
import type { FirstTry, Found } from './first-tries.ts';

const REMEDY = 'Set STORAGE_BUCKET, and see whether this machine can reach it.';

/**
 * Asks for an object that nobody has: a bucket that is there says so. Nothing is written. `readers` are the
 * stages that read from it.
 */
export function bucketTry(bucket: Bucket, readers: ReadonlySet<string> = new Set()): FirstTry {
  return {
    name: 'bucket',
    what: `The bucket ${bucket.url}`,
    attempt: (signal) => tryBucket(bucket, signal),
    remedy: REMEDY,
    provenBy: readers,
  };
}

async function tryBucket(bucket: Bucket, signal: AbortSignal): Promise<Found> {
  if (bucket.url.startsWith('file:')) return tryFolder(bucket.url);
  try {
    const { body } = await bucket.open(`uploads/${randomUUID()}`, signal);
    await body[Symbol.asyncIterator]().return?.();
    return { state: 'up' };
  } catch (error) {
    const { code, message } = classify(error);
    if (code === 'missing_object') return { state: 'up' };
    // Stores say this also to those who may read and not list.
    if (code === 'access_denied') return { state: 'up', remark: unsure(bucket.url) };
    const remedy = message.includes('STORAGE_BUCKET') ? '' : ` ${REMEDY}`;
    return { state: 'down', problem: `${message}${remedy}` };
  }
}

function unsure(url: string): string {
  return `${url} does not tell us what it holds: we may not list it, or not read it either. \`doctor\` tries both.`;
}

/** The folder is made when a result comes: what there is of its path must let us. */
async function tryFolder(url: string): Promise<Found> {
  const path = fileURLToPath(url);
  for (let at = path; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK);
      return { state: 'up' };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'ENOENT' && at !== dirname(at)) continue;
      const problem = `The folder ${at} cannot be written to: ${code}. Set STORAGE_BUCKET to another.`;
      return { state: 'down', problem };
    }
  }
}
