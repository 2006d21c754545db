import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KnownError } from '../../errors.ts';
import type { Bucket, JobFields } from '../../ports.ts';
import { unpack } from './unpack.ts';

interface Fetching {
  readonly bucket: Bucket;
  /** Where the result is unpacked. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly persistently: <Result>(attempt: () => Promise<Result>) => Promise<Result>;
}

/**
 * Downloads the result of a job that is done, and unpacks it; a result that is no archive is kept as it is. Tells the names of
 * the files that are now in the folder.
 */
export async function fetchResult(fields: JobFields, fetching: Fetching): Promise<string[]> {
  const { bucket, folder, signal, persistently } = fetching;
  const key = bucket.keyOf(fields['output_file_name'] ?? fields['output_url'] ?? '');
  const scratch = await mkdtemp(join(tmpdir(), 'kiosk-result-'));
  try {
    const file = join(scratch, basename(key));
    await persistently(async () => {
      const { body } = await bucket.open(key, signal);
      await pipeline(body, createWriteStream(file), { signal });
    });
    return await keep(file, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function keep(file: string, folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    if (/\.zip$/i.test(file)) return await unpack(file, folder);
    await copyFile(file, join(folder, basename(file)));
    return [basename(file)];
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('bad_usage', `The result cannot be written to "${folder}": ${said}`, {
      cause,
    });
  }
}
