import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { nothingLeft, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';
import { until } from '../harness/until.ts';

/** A file system of its own, of so many kilobytes; undefined where this user may not mount one. */
async function mount(context: TestContext, kilobytes: number): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-small-disk-'));
  const words = ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'kiosk-test', folder];
  const { status } = spawnSync('mount', words);
  context.after(async () => {
    if (status === 0) spawnSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  if (status === 0) return folder;
  context.skip('this user may not mount a file system');
  return undefined;
}

async function open(
  context: TestContext,
  environment: Record<string, string>,
): Promise<Deployment> {
  const deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, ...environment },
  });
  context.after(() => deployment.close());
  return deployment;
}

test('R21: a full disk for temporary files and a read-only one do not matter: nothing is kept there', async (context) => {
  const full = await mount(context, 64);
  if (full === undefined) return;
  await writeFile(join(full, 'filler'), Buffer.alloc(64 * 1024));
  const readOnly = { HOME: '/proc', XDG_CACHE_HOME: '/proc' };
  const deployment = await open(context, { TMPDIR: full, ...readOnly });
  const [key = ''] = await submitFiles(deployment, ['copy-1.tif']);
  assert.equal((await deployment.ended(key))['status'], 'done');
  assert.deepEqual(await readdir(full), ['filler']);
});

test('R21: while the bucket is a full disk no job fails, /ready says why, and no part of a result stays', async (context) => {
  const disk = await mount(context, 256);
  if (disk === undefined) return;
  const deployment = await open(context, {
    STORAGE_BUCKET: pathToFileURL(disk).href,
    RETRY_BUDGET: '1',
    STORAGE_MAX_BACKOFF: '0.2',
    JOBS_IN_FLIGHT: '4',
  });
  const put = (name: string, bytes: Uint8Array): Promise<void> =>
    writeFile(join(disk, name), bytes);
  await put('copy.tif', Buffer.alloc(32 * 1024, 'x'));
  // As root one may use the last byte: what is left is less than a page.
  await put('filler', Buffer.alloc(256 * 1024)).catch(() => undefined);
  const keys = ['image:1', 'image:2', 'image:3', 'image:4', 'image:5'];
  for (const key of keys) await deployment.submit(key, { input_file_name: 'copy.tif' });
  const why = await deployment.until(
    async () => (await deployment.consumer.notReady())['bucket_write'],
  );
  assert.match(why, /ENOSPC|no space/i);
  // All four in hand have spent their budget.
  const spent = (): string[] => deployment.consumer.lines('"code":"remote_outage"');
  await until(() => spent().length >= 4);
  for (const key of keys)
    assert.ok(!['done', 'failed'].includes((await deployment.redis.hget(key, 'status')) ?? ''));
  const files = await readdir(disk, { recursive: true, withFileTypes: true });
  const whole = files.filter((one) => one.isFile() && one.name.endsWith('.zip'));
  assert.deepEqual(whole, []);

  await rm(join(disk, 'filler'));
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done');
  await nothingLeft(deployment);
  await until(async () => Object.keys(await deployment.consumer.notReady()).length === 0);
});
