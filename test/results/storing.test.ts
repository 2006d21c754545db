import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { it } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { storing } from '../../src/results/storing.ts';

it('says what the file system does not take, and which path', async () => {
  for (const [path, message] of [
    [tmpdir(), `"${tmpdir()}" cannot be written: a folder of that name is there (EISDIR).`],
    [
      '/dev/null/a.tif',
      '"/dev/null/a.tif" cannot be written: a file is there where a folder is needed (ENOTDIR).',
    ],
    // A failed write, unlike a failed open, does not say of which file.
    ['/dev/full', '"results" cannot be written: the disk is full (ENOSPC).'],
  ] as const) {
    await assert.rejects(
      storing('results', () => writeFile(path, 'x')),
      { code: 'result_not_kept', message },
    );
  }
});

it('leaves other errors as they are', async () => {
  for (const error of [new TypeError('a bug'), new KnownError('bucket_unavailable', 'away')])
    await assert.rejects(
      storing('results', () => Promise.reject(error)),
      error,
    );
});
