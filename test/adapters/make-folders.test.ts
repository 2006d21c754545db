import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolders } from '../../src/adapters/make-folders.ts';

test('creates folders, also for several callers at once, and reports one that cannot be created', async (context) => {
  const top = await mkdtemp(join(tmpdir(), 'kiosk-folders-'));
  context.after(() => rm(top, { recursive: true }));
  const deep = join(top, 'a', 'b', 'c');
  await Promise.all([makeFolders(deep), makeFolders(deep), makeFolders(join(top, 'a', 'd'))]);
  assert.ok((await stat(deep)).isDirectory());
  await makeFolders(deep);
  await writeFile(join(top, 'file'), '');
  await assert.rejects(makeFolders(join(top, 'file', 'below')), { code: 'ENOTDIR' });
  await assert.rejects(makeFolders('/proc/nope/below'), { code: 'ENOENT' });
});
