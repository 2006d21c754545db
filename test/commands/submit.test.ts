import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { doubling, Deployment } from '../harness/processes/consumer-process.ts';
import { TcpFaultProxy } from '../proxies/tcp-fault-proxy.ts';
import { CommandProcess } from './command-process.ts';
import { type CommandEnded, runCommand } from './run-command.ts';

const IMAGES = 50;
const SIDE = 32;
const MODEL = ['--field', 'model_name=Doubling', '--field', 'model_version=1'];
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };

let deployment: Deployment;
let folder: string;

before(async () => {
  deployment = await Deployment.open({ models: [doubling], environment: { JOBS_IN_FLIGHT: '4' } });
});
after(() => deployment.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk-submit-'));
  await deployment.redis.flushall();
});
afterEach(async () => {
  deployment.models.script([]);
  await rm(folder, { recursive: true, force: true });
});

/** An image of one value, so that its result is known: twice that value. */
async function writeImage(name: string, value: number): Promise<string> {
  const path = join(folder, name);
  const data = new Float32Array(SIDE * SIDE).fill(value);
  await writeFile(path, encodeTiff({ shape: [SIDE, SIDE], data }));
  return path;
}

async function jobsDone(): Promise<number> {
  const keys = await deployment.redis.keys('image:*');
  const statuses = await Promise.all(keys.map((key) => deployment.redis.hget(key, 'status')));
  return statuses.filter((status) => status === 'done').length;
}

function heldByConsumer(): Promise<number> {
  return deployment.redis.llen('processing-image:pod-1');
}

/** Runs a part of a test while nobody takes jobs. */
async function withoutConsumer(part: () => Promise<void>): Promise<void> {
  await deployment.signal('SIGTERM');
  try {
    await part();
  } finally {
    await deployment.start();
  }
}

/** Runs a part of a test while the consumer stands still. */
async function whileItPauses(part: () => Promise<void>): Promise<void> {
  deployment.consumer.pause();
  try {
    await part();
  } finally {
    deployment.consumer.resume();
  }
}

const submission = (words: readonly string[]): string[] => [
  'submit',
  '--queue',
  deployment.queue,
  ...MODEL,
  ...words,
];

/** Starts the command in a process of its own. */
function start(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CommandProcess {
  return new CommandProcess(submission(words), {
    environment: { ...deployment.environment, ...environment },
    folder,
  });
}

const run = (words: readonly string[]): Promise<CommandEnded> =>
  runCommand(words, deployment.environment, folder);

const submit = (words: readonly string[]): Promise<CommandEnded> => run(submission(words));

async function assertDoubled(name: string, value: number): Promise<void> {
  const path = join(folder, 'results', name, `${name}_feature_0.tif`);
  const bytes = new Uint8Array(await readFile(path));
  const { data } = decodeImage({ bytes, name: path, limits: NO_LIMITS });
  assert.deepEqual(data, new Float32Array(SIDE * SIDE).fill(2 * value));
}

test('a folder of 50 images and a broken one survives that the consumer is killed half-way', async () => {
  await mkdir(join(folder, 'images', 'more'), { recursive: true });
  for (let n = 1; n <= IMAGES; n++) {
    await writeImage(`images/${n > 25 ? 'more/' : ''}cells-${n}.tif`, n);
  }
  await writeFile(join(folder, 'images/broken one.png'), 'not a picture');
  await writeFile(join(folder, 'images/notes.txt'), 'no image');
  deployment.models.script([{ type: 'slow', ms: 100 }]);
  const command = start(['images']);
  await deployment.until(async () => ((await jobsDone()) >= 10 ? true : undefined));
  deployment.models.script([{ type: 'mute' }]);
  await deployment.until(async () => ((await heldByConsumer()) === 4 ? true : undefined));
  await deployment.signal('SIGKILL');
  deployment.models.script([]);
  await deployment.start();
  const { code, stdout, stderr } = await command.ended();
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^50 done, 1 failed\.\nResults are in results\.\n/);
  const table = stdout.split('\n\n').find((part) => part.startsWith('FILE')) ?? '';
  assert.match(
    table,
    /^FILE +CODE +REASON\nimages\/broken one\.png  unsupported_file  "broken one\.png" is/,
  );
  for (let n = 1; n <= IMAGES; n++) {
    const path = join(folder, 'results', n > 25 ? 'more' : '', `cells-${n}`);
    assert.ok((await readdir(path)).includes(`cells-${n}_feature_0.tif`));
  }
  await assertDoubled('cells-7', 7);
});

test('the hash has the fields of the web front end, and the file lies in the bucket', async () => {
  await withoutConsumer(async () => {
    const path = await writeImage('a: b, c.tif', 1);
    const { code, stdout } = await submit([path, '--field', 'scale=0.5', '--no-wait']);
    assert.equal(code, 0);
    const key = stdout.trimEnd();
    assert.match(key, /^image:a: b, c\.tif:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual(await deployment.redis.lrange('image', 0, -1), [key]);
    const { created_at, updated_at, input_file_name, identity_upload, url, ...fields } =
      await deployment.redis.hgetall(key);
    assert.deepEqual(fields, {
      original_name: 'a: b, c.tif',
      model_name: 'Doubling',
      model_version: '1',
      preprocess_function: '',
      postprocess_function: '',
      cuts: '0',
      label: '',
      status: 'new',
      dimension_order: '',
      channels: '',
      scale: '0.5',
    });
    assert.match(created_at ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(updated_at, created_at);
    assert.match(input_file_name ?? '', /^uploads\/[0-9a-f]{32}\.tif$/);
    assert.ok(identity_upload);
    assert.match(url ?? '', /^file:\/\/\//);
    const uploaded = await readFile(join(deployment.folder, input_file_name ?? ''));
    assert.deepEqual(uploaded, await readFile(path));
  });
});

test('an archive goes to the queue for archives', async () => {
  const path = join(folder, 'many.ZIP');
  await writeFile(path, 'PK');
  const { code, stdout } = await submit([path, '--no-wait']);
  assert.equal(code, 0);
  assert.match(stdout, /^image-zip:many\.ZIP:/);
  assert.deepEqual(await deployment.redis.lrange('image-zip', 0, -1), [stdout.trimEnd()]);
});

test('a connection to Redis that is cut again and again costs no job and submits none twice', async () => {
  const proxy = await TcpFaultProxy.start(Number(deployment.environment['REDIS_PORT']));
  try {
    for (let n = 1; n <= 10; n++) await writeImage(`${n}.tif`, n);
    const command = start(['.'], { REDIS_PORT: String(proxy.port) });
    await whileItPauses(async () => {
      await command.says(/waiting/);
      proxy.onNew = 'reset';
      proxy.cut();
      await command.says(/cannot be used now.*Trying again/);
      proxy.onNew = 'forward';
    });
    const { code, stdout, stderr } = await command.ended();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^10 done, 0 failed\./);
    assert.equal((await deployment.redis.keys('image:*')).length, 10);
  } finally {
    await proxy.close();
  }
});

test('a link to Redis that falls silent is replaced by a new one', async () => {
  const proxy = await TcpFaultProxy.start(Number(deployment.environment['REDIS_PORT']));
  try {
    const path = await writeImage('one.tif', 1);
    const command = start([path], { REDIS_PORT: String(proxy.port) });
    await whileItPauses(async () => {
      await command.says(/1 waiting/);
      proxy.freeze();
    });
    const { code, stdout } = await command.ended();
    assert.deepEqual([code, stdout.split('\n')[0]], [0, '1 done, 0 failed.']);
  } finally {
    await proxy.close();
  }
});

/** The largest name that disks take leaves no room for `_feature_0.tif`. */
const LONG = '細'.repeat(82);

test('a result that the disk does not take fails alone, and a name that it does not take is shortened', async () => {
  for (const name of ['full', 'taken', LONG, 'usual']) await writeImage(`${name}.tif`, 3);
  for (const name of ['full', 'taken'])
    await mkdir(join(folder, 'results', name), { recursive: true });
  await symlink('/dev/full', join(folder, 'results/full/full_feature_0.tif'));
  await mkdir(join(folder, 'results/taken/taken_feature_0.tif'));
  const { code, stdout, stderr } = await submit(['.']);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^2 done, 2 failed\./);
  assert.match(stdout, /full\.tif +result_not_kept +"results\/full" cannot .* full \(ENOSPC\)\.\n/);
  assert.match(
    stdout,
    /taken\.tif +result_not_kept +".*" cannot be written: a folder of that name/,
  );
  assert.match(stdout, /What to do:\n {2}result_not_kept: Free some space/);
  await assertDoubled('usual', 3);
  const [name = ''] = await readdir(join(folder, 'results', LONG));
  assert.match(name, /^細+~[0-9a-f]{8}~細+_feature_0\.tif$/u);
  const manifest: unknown = JSON.parse(
    await readFile(join(folder, 'results/manifest.json'), 'utf8'),
  );
  const found = renamedIn(manifest);
  assert.deepEqual(found, [{ [name]: `${LONG}_feature_0.tif` }]);

  // What failed here is fetched once there is room.
  await rm(join(folder, 'results/full'), { recursive: true });
  await rm(join(folder, 'results/taken'), { recursive: true });
  const again = await run(['fetch', '--manifest', 'results/manifest.json']);
  assert.match(again.stdout, /^2 done, 0 failed\./, again.stderr);
  await assertDoubled('full', 3);
});

function renamedIn(manifest: unknown): object[] {
  assert.ok(typeof manifest === 'object' && manifest !== null && 'files' in manifest);
  assert.ok(Array.isArray(manifest.files));
  return manifest.files
    .map(({ renamed }: { renamed: object }) => renamed)
    .filter((one) => Object.keys(one).length > 0);
}

test('tables that the disk does not take are told after what is done', async () => {
  await writeImage('a.tif', 3);
  await mkdir(join(folder, 'results'));
  await symlink('/dev/full', join(folder, 'results/cells.csv'));
  const { code, stdout, stderr } = await submit(['a.tif']);
  assert.equal(code, 1);
  assert.match(stdout, /^1 done, 0 failed\./);
  assert.match(stderr, /\n"results" cannot be written: the disk is full \(ENOSPC\)\.\n$/);
  await assertDoubled('a', 3);
});

test('Ctrl-C leaves the jobs running and says how to look again', async () => {
  let key = '';
  await whileItPauses(async () => {
    const command = start([await writeImage('one.tif', 1)]);
    await command.says(/1 waiting/);
    command.interrupt();
    const { code, stdout } = await command.ended();
    assert.equal(code, 130);
    [, key = ''] = /^ {2}kiosk-redis-consumer status (image:one\.tif:\S+)$/m.exec(stdout) ?? [];
  });
  assert.equal((await deployment.ended(key))['status'], 'done');
});

test('--timeout gives up waiting with exit code 1', () =>
  whileItPauses(async () => {
    const path = await writeImage('one.tif', 1);
    const { code, stdout } = await submit([path, '--timeout', '1.5']);
    assert.equal(code, 1);
    assert.match(stdout, /Jobs that go on: 1\. To look again:\n {2}kiosk-redis-consumer status /);
  }));

for (const [words, message] of [
  [[], /submit needs at least 1 FILE/],
  [['no-such.tif'], /"no-such\.tif" cannot be read/],
  [['.'], /"\." holds no images \(\.tif, /],
  [['.', '--field', 'scale'], /--field is "scale", but must be NAME=VALUE/],
  [['.', '--field', 'status=done'], /must not set status/],
  [['.', '--timeout', 'soon'], /--timeout is "soon", but must be seconds/],
  [['.', '--fields', 'a=b'], /no option --fields\. Did you mean --field\? There are --queue, /],
] as const) {
  test(`wrong usage ends with exit code 2: ${words.join(' ')}`, async () => {
    const { code, stderr } = await submit(words);
    assert.equal(code, 2);
    assert.match(stderr, message);
  });
}

test('a folder for results that cannot be created is refused at once', async () => {
  const path = await writeImage('two.tif', 1);
  const { code, stderr } = await submit([path, '--output', '/proc/none/results']);
  assert.equal(code, 2);
  assert.match(stderr, /--output "\/proc\/none\/results" cannot be created: /);
});
