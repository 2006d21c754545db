import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  UNFINISHED,
  removeAbandoned,
  unfinishedName,
} from '../../../../src/adapters/bucket/folder/unfinished-files.ts';

test('files of processes that have ended are removed, those of living ones and of other machines stay', async () => {
  const ended = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(ended, 'exit');
  const id = '0'.repeat(8) + '-0000-4000-8000-' + '0'.repeat(12);
  const root = await mkdtemp(join(tmpdir(), 'kiosk-parts-'));
  const folder = join(root, UNFINISHED);
  await mkdir(folder);
  const own = unfinishedName();
  const names = [
    own,
    `${hostname()}.${ended.pid}.${id}.part`,
    `far.1.${id}.part`,
    `old.1.${id}.part`,
  ];
  for (const name of names) await writeFile(join(folder, name), 'x');
  await utimes(join(folder, `old.1.${id}.part`), 1, 1);
  await removeAbandoned(root);
  assert.deepEqual((await readdir(folder)).toSorted(), [own, `far.1.${id}.part`].toSorted());
  await rm(root, { recursive: true });
});

test('a bucket whose folder is not there yet has nothing to remove', async () => {
  await removeAbandoned(join(tmpdir(), 'kiosk-never-made'));
});
