import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FolderBucket } from '../../../src/adapters/bucket/folder/folder-bucket.ts';
import { bucketTry } from '../../../src/consumer/first-try/try-bucket.ts';
import type { Found } from '../../../src/consumer/first-try/first-tries.ts';
import { type ErrorCode, KnownError } from '../../../src/errors.ts';
import type { Bucket } from '../../../src/ports.ts';

const { signal } = new AbortController();

function refusing(code: ErrorCode, message: string): Promise<Found> {
  const refuses = {
    url: 's3://x',
    open: async () => Promise.reject(new KnownError(code, message)),
  };
  // Nothing but these is used.
  return bucketTry(refuses as Partial<Bucket> as Bucket).attempt(signal);
}

test('a bucket that misses an object is up; one that is missing, refuses our key or is away is not', async () => {
  assert.deepEqual(await refusing('missing_object', 'No.'), { state: 'up' });
  for (const code of ['bucket_misconfigured', 'bucket_auth', 'bucket_unavailable'] as const) {
    const found = await refusing(code, 'There is no bucket s3://x: HTTP 404.');
    assert.equal(found.state, 'down');
    assert.match('problem' in found ? found.problem : '', /^There is no bucket.* STORAGE_BUCKET/);
  }
});

test('a store that hides what is missing from those who may not list is up, with a remark', async () => {
  const found = await refusing('access_denied', 'HTTP 403.');
  assert.equal(found.state, 'up');
  assert.match('remark' in found ? (found.remark ?? '') : '', /may not list .*`doctor`/);
});

test('a folder may be missing, but what there is of its path must be a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk first-'));
  try {
    await writeFile(join(folder, 'file'), '');
    const tried = (name: string): Promise<Found> => {
      const url = pathToFileURL(join(folder, name)).href;
      return bucketTry(new FolderBucket(url)).attempt(signal);
    };
    assert.deepEqual(await tried('not/yet/there'), { state: 'up' });
    const inFile = await tried('file/bucket');
    assert.match(
      'problem' in inFile ? inFile.problem : '',
      /cannot be written to: ENOTDIR\..*STORAGE_BUCKET/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
