import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Redis } from 'ioredis';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { packEntry, zipArchive } from '../../src/formats/zip.ts';
import { parseManifest } from '../../src/results/manifest.ts';
import { CommandProcess } from './command-process.ts';
import { runCommand } from './run-command.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../harness/processes/redis-with-client.ts';

let server: RedisWithClient;
let redis: Redis;
let folder: string;
let environment: Readonly<Record<string, string>>;

before(async () => {
  server = await startRedisWithClient();
  redis = server.client;
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
  folder = await mkdtemp(join(tmpdir(), 'kiosk later '));
  await redis.flushall();
  environment = {
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(server.port),
    STORAGE_BUCKET: pathToFileURL(join(folder, 'bucket')).href,
  };
});

const run = (...words: string[]): ReturnType<typeof runCommand> => runCommand(words, environment);

describe('cancel', () => {
  it('takes a waiting job out of its queue, and does the same twice', async () => {
    await redis.hset('spot:a.tif:1', { status: 'new' });
    await redis.lpush('spot', 'spot:a.tif:1', 'spot:b.tif:2');
    for (const time of ['first', 'second']) {
      const { code, stdout } = await run('cancel', 'spot:a.tif:1');
      assert.deepEqual([code, stdout.includes('is out of its queue')], [0, true], time);
    }
    assert.deepEqual(await redis.lrange('spot', 0, -1), ['spot:b.tif:2']);
    const { status, error_code: error, reason = '' } = await redis.hgetall('spot:a.tif:1');
    assert.deepEqual([status, error, reason !== ''], ['failed', 'cancelled', true]);
    const { stdout } = await run('status', 'spot:a.tif:1');
    assert.match(stdout, /what to do +None needed; `retry` submits it again/);
  });

  it('leaves alone what a consumer has, what has parts or is one, and what has ended', async () => {
    const jobs = {
      'spot:held:1': { status: 'predict' },
      'spot:part:2': { status: 'new', parent: 'polaris:x:1' },
      'spot:parent:3': { status: 'waiting', 'children:total': '2' },
      'spot:done:4': { status: 'done' },
    };
    for (const [key, fields] of Object.entries(jobs)) await redis.hset(key, fields);
    await redis.lpush('processing-spot:pod-1', 'spot:held:1');
    await redis.lpush('spot', 'spot:part:2', 'spot:parent:3');
    const { code, stdout } = await run('cancel', ...Object.keys(jobs), 'spot:gone:5');
    assert.equal(code, 1);
    assert.match(
      stdout,
      /held:1 was left alone: a consumer has it.*\n.*part:2 was left alone: it is a part.*\n.*parent:3 was left alone.*\n.*done:4 has ended.*\n.*gone:5 does not exist/,
    );
    for (const [key, fields] of Object.entries(jobs))
      assert.deepEqual(await redis.hgetall(key), fields);
    assert.equal(await redis.llen('spot'), 2);
  });
});

describe('cancel, beside a queue that holds the key of a job in hand', () => {
  it('leaves it alone: its consumer works on it, with a lease or without', async () => {
    const owner = `${'0'.repeat(32)}@pod-1`;
    await redis.zadd('kiosk:leases:spot', Date.now() + 60_000, owner);
    const jobs = {
      'spot:leased:1': { status: 'started', claim_key: 'spot:leased:1', claim_owner: owner },
      'spot:python:2': { status: 'predict', updated_by: 'python-pod' },
    };
    for (const [key, fields] of Object.entries(jobs)) {
      await redis.hset(key, fields);
      await redis.lpush('spot', key);
    }
    await redis.lpush('processing-spot:python-pod', 'spot:python:2');
    const { code, stdout } = await run('cancel', ...Object.keys(jobs));
    assert.equal(code, 1);
    assert.match(stdout, /leased:1 was left alone: a consumer has it.*\n.*python:2 was left alone/);
    assert.equal(await redis.llen('spot'), 2);
  });
});

describe('retry', () => {
  const FAILED = {
    status: 'failed',
    reason: 'it broke',
    error_code: 'model_rejected',
    original_name: 'a.tif',
    input_file_name: 'uploads/1.tif',
    channels: '0,1',
    claim_token: '3',
    attempts: '2',
    finished_at: '2026-01-01T00:00:00Z',
  };

  it('submits a failed job once more, as a new one that follows from its key', async () => {
    await redis.hset('spot:a.tif:1', FAILED);
    const first = await run('retry', 'spot:a.tif:1');
    const second = await run('retry', 'spot:a.tif:1');
    assert.deepEqual([first.code, second.code], [0, 0]);
    const [, key = ''] = /again as (spot:a\.tif:[0-9a-f]{32})\./.exec(first.stdout) ?? [];
    assert.match(second.stdout, new RegExp(`was retried before, as ${key}`));
    assert.deepEqual(await redis.lrange('spot', 0, -1), [key]);
    const {
      created_at: at,
      updated_at: updated,
      identity_upload: by,
      ...rest
    } = await redis.hgetall(key);
    assert.ok(at && updated && by);
    assert.deepEqual(rest, {
      status: 'new',
      original_name: 'a.tif',
      input_file_name: 'uploads/1.tif',
      channels: '0,1',
    });
    assert.deepEqual(await redis.hgetall('spot:a.tif:1'), FAILED);
  });

  it('retries all with a code, and no parts of jobs', async () => {
    await redis.hset('spot:a.tif:1', FAILED);
    await redis.hset('spot:b.tif:2', { ...FAILED, error_code: 'corrupt_image' });
    await redis.hset('mesmer:c.tif:3', FAILED);
    await redis.hset('spot:d.tif:4', { ...FAILED, parent: 'polaris:x:1' });
    const { code, stdout } = await run('retry', '--code', 'model_rejected', '--queue', 'spot');
    assert.equal(code, 0);
    assert.match(stdout, /^spot:a\.tif:1 is in its queue again as .*\n$/);
    assert.deepEqual([await redis.llen('spot'), await redis.llen('mesmer')], [1, 0]);
    const none = await run('retry', '--code', 'blank_image');
    assert.deepEqual([none.code, none.stdout], [0, 'No failed job has the code blank_image.\n']);
    const mistyped = await run('retry', '--code', 'corupt_image');
    assert.equal(mistyped.code, 2);
    assert.match(
      mistyped.stderr,
      /^No failed job has the code corupt_image\. Did you mean corrupt_/,
    );
  });

  it('says what is no failed job', async () => {
    await redis.hset('spot:a.tif:1', { status: 'done' });
    const { code, stdout } = await run('retry', 'spot:a.tif:1', 'spot:b.tif:2');
    assert.equal(code, 1);
    assert.match(stdout, /a\.tif:1 has not failed: it is done\.\nspot:b\.tif:2 does not exist/);
    assert.equal((await run('retry')).code, 2);
  });
});

describe('queues', () => {
  it('shows queues with jobs and those that are served', async () => {
    await redis.lpush('spot', 'spot:a.tif:1', 'spot:b.tif:2');
    await redis.lpush('processing-spot:pod-1', 'spot:c.tif:3');
    await redis.zadd('kiosk:leases:mesmer', Date.now() + 60_000, 'x@pod-7');
    const presence = { host: 'pod-7', version: '1.0.0', pid: 7, since: '2026-01-01T00:00:00Z' };
    await redis.hset('kiosk:consumers:mesmer', 'x@pod-7', JSON.stringify(presence));
    await redis.zadd('kiosk:leases:dead', 1, 'x@pod-8');
    const { stdout } = await run('queues');
    assert.deepEqual(
      stdout.split('\n').map((line) => line.split(/ {2,}/)),
      [
        ['QUEUE', 'WAITING', 'IN HAND', 'CONSUMERS'],
        ['mesmer', '0', '0', 'pod-7'],
        ['spot', '2', '1', 'none has announced itself'],
        [''],
      ],
    );
    assert.match((await run('status', '--queue', 'mesmer')).stdout, /consumers +1/);
  });
});

describe('status --watch', () => {
  it('shows it again until it is interrupted', async () => {
    await redis.lpush('spot', 'spot:a.tif:1');
    const command = new CommandProcess(['status', '--watch'], { environment });
    await command.says(/UTC\nspot\n +waiting +1/);
    command.interrupt();
    assert.equal((await command.ended()).code, 0);
  });
});

describe('fetch', () => {
  const SIZE = { rows: 16, columns: 20 };
  const plane = new Float32Array(SIZE.rows * SIZE.columns);
  plane.fill(4, 45, 50);
  const tiff = encodeTiff({ shape: [SIZE.rows, SIZE.columns], data: plane });

  /** A job that is done, with its object and its result in the bucket. */
  async function doneJob(key: string): Promise<void> {
    await mkdir(join(folder, 'bucket', 'uploads'), { recursive: true });
    await mkdir(join(folder, 'bucket', 'output'), { recursive: true });
    await writeFile(join(folder, 'bucket', 'uploads', 'a.tif'), tiff);
    const zip = await buffer(zipArchive([packEntry('a_batch_0_feature_0.tif', tiff)])());
    await writeFile(join(folder, 'bucket', 'output', 'a.zip'), zip);
    await redis.hset(key, {
      status: 'done',
      original_name: 'a.tif',
      input_file_name: 'uploads/a.tif',
      output_file_name: 'output/a.zip',
    });
  }

  const filesOf = async (output: string) =>
    parseManifest(await readFile(join(output, 'manifest.json'), 'utf8'), '').files;

  it('leaves results as submit does, with the image as it was uploaded', async () => {
    await doneJob('spot:a.tif:1');
    const output = join(folder, 'out');
    const { code, stdout } = await run('fetch', 'spot:a.tif:1', '-o', output);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^1 done, 0 failed\./);
    assert.deepEqual((await readdir(join(output, 'a'))).toSorted(), [
      'a_batch_0_feature_0.tif',
      'a_batch_0_feature_0_overlay.png',
      'a_batch_0_feature_0_thumbnail.png',
      'a_cells.csv',
    ]);
    assert.match(await readFile(join(output, 'cells.csv'), 'utf8'), /^a\.tif,4,0,5,/m);
    const table = await readFile(join(output, 'a', 'a_cells.csv'), 'utf8');
    assert.match(table, /mean_0,integrated_0,mask\r\n4,0,5,.*,4,20,a_batch/);
  });

  it('fetches the rest of a batch into its folder, and tells what has not ended', async () => {
    await doneJob('spot:a.tif:1');
    await redis.hset('spot:b.tif:2', { status: 'new', original_name: 'b.tif' });
    await redis.hset('spot:c.tif:3', {
      status: 'failed',
      error_code: 'corrupt_image',
      reason: 'x',
    });
    const output = join(folder, 'out');
    await mkdir(output);
    const files = [
      { file: 'a.tif', folder: 'plate/a', key: 'spot:a.tif:1', status: 'waiting' },
      { file: 'b.tif', folder: 'plate/b', key: 'spot:b.tif:2', status: 'waiting' },
      { file: 'c.tif', folder: 'plate/c', key: 'spot:c.tif:3', status: 'waiting' },
      { file: 'd.tif', folder: 'plate/d', key: 'spot:d.tif:4', status: 'done', cells: 7 },
    ];
    const manifest = join(output, 'manifest.json');
    await writeFile(manifest, JSON.stringify({ queue: 'spot', files }));
    const { code, stdout } = await run('fetch', '--manifest', manifest);
    assert.equal(code, 1);
    assert.match(stdout, /corrupt_image: Open the file in an image viewer/);
    assert.deepEqual(
      (await filesOf(output)).map((one) => [one.file, one.folder, one.status, one.cells]),
      [
        ['a.tif', 'plate/a', 'done', 1],
        ['b.tif', 'plate/b', 'waiting', null],
        ['c.tif', '', 'failed', null],
        ['d.tif', 'plate/d', 'done', 7],
      ],
    );
  });

  it('refuses words that it cannot follow', async () => {
    assert.equal((await run('fetch')).code, 2);
    assert.equal((await run('fetch', '--manifest', join(folder, 'manifest.json'))).code, 2);
    assert.equal((await run('fetch', '--manifest', 'other.json')).code, 2);
  });
});
