import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SettledFiles } from '../../../src/commands/local/settled-files.ts';

test('a file is complete when it has not changed since the last look', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk settled-'));
  const file = { path: join(folder, 'a') };
  const files = [file, { path: join(folder, 'gone') }, { path: join(folder, 'empty') }];
  try {
    await writeFile(file.path, 'x');
    await writeFile(join(folder, 'empty'), '');
    const settled = new SettledFiles();
    assert.deepEqual(await settled.among(files), []);
    await appendFile(file.path, 'y');
    assert.deepEqual(await settled.among(files), []);
    assert.deepEqual(await settled.among(files), [file]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
