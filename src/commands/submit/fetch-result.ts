import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bucket, JobFields } from '../../ports.ts';
import { localName } from '../../results/local-name.ts';
import { storing } from '../../results/storing.ts';
import { type Unpacked, unpack } from './unpack.ts';

interface Fetching {
  readonly bucket: Bucket;
  /** Where the result is unpacked. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly persistently: <Result>(attempt: () => Promise<Result>) => Promise<Result>;
}

/**
 * Downloads the result of a job that is done, and unpacks it; a result that is no archive is kept as it is.
 * Tells the names of the files that are now in the folder. `result_not_kept` if the disk refuses one.
 */
export async function fetchResult(fields: JobFields, fetching: Fetching): Promise<Unpacked> {
  const { bucket, folder, signal, persistently } = fetching;
  const key = bucket.keyOf(fields['output_file_name'] ?? fields['output_url'] ?? '');
  const scratch = await storing(tmpdir(), () => mkdtemp(join(tmpdir(), 'kiosk-result-')));
  try {
    const file = join(scratch, 'result');
    await persistently(async () => {
      const { body } = await bucket.open(key, signal);
      await storing(scratch, () => pipeline(body, createWriteStream(file), { signal }));
    });
    return await storing(folder, () => keep({ file, name: basename(key), folder }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Kept {
  readonly file: string;
  /** What the bucket calls it. */
  readonly name: string;
  readonly folder: string;
}

async function keep({ file, name, folder }: Kept): Promise<Unpacked> {
  await mkdir(folder, { recursive: true });
  if (/\.zip$/i.test(name)) return unpack(file, folder);
  const here = localName(name);
  await copyFile(file, join(folder, here));
  return { names: [here], renamed: here === name ? {} : { [here]: name } };
}
