import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { ThreadPool, type ThreadPoolOptions } from '../../../src/adapters/compute/thread-pool.ts';
import { withOwnKernels } from '../../../src/adapters/compute/own-kernels.ts';
import type { kernels as ours } from '../../../src/kernels.ts';
import {
  compute,
  csv,
  defineWorkflow,
  download,
  packageResults,
  pipeline,
  upload,
} from '../../../src/index.ts';
import { runWorkflow } from '../../../src/testing/index.ts';
import { brighter, broken, forEver, type kernels as authors } from './author-kernels.ts';

const never = new AbortController().signal;
const ownKernels = [new URL('author-kernels.ts', import.meta.url)];
const kernelsUrl = new URL('../../../src/kernels.ts', import.meta.url);

function open(
  t: TestContext,
  own: Partial<ThreadPoolOptions> = {},
): ThreadPool<typeof ours & typeof authors> {
  const limits = { threads: 1, heapMiB: 64, graceMs: 1 };
  const pool = new ThreadPool<typeof ours & typeof authors>({
    kernelsUrl,
    ownKernels,
    ...limits,
    ...own,
  });
  t.after(() => pool.close());
  return pool;
}

const input = { data: Float32Array.of(1, 2), by: 2 };

test('kernels of authors run on threads beside ours', async (t) => {
  const pool = open(t);
  assert.deepEqual([...(await pool.run('brighter', input, never))], [3, 4]);
  assert.ok((await pool.names()).includes('deepWatershed'));
});

test('one that throws, eats memory or does not end fails alone; the next call has a thread', async (t) => {
  const pool = open(t);
  await assert.rejects(pool.run('broken', {}, never), /A kernel of an author is broken/);
  await assert.rejects(pool.run('greedy', {}, never), { code: 'out_of_memory' });
  assert.deepEqual([...(await pool.run('brighter', input, never))], [3, 4]);
  const given = new AbortController();
  const endless = pool.run('forEver', {}, given.signal);
  const next = pool.run('brighter', input, never);
  given.abort(new Error('Its time is up.'));
  await assert.rejects(endless, /Its time is up/);
  assert.deepEqual([...(await next)], [3, 4]);
});

test('one that throws when it has ended fails no other, and one that waits for that fails at once', async (t) => {
  const pool = open(t);
  const warned = once(process, 'warning');
  assert.equal(await pool.run('late', input, never), 2);
  const [warning] = await warned;
  assert.match(String(warning), /A kernel of yours left an error uncaught.*Thrown too late\./);
  await assert.rejects(pool.run('forsaken', {}, never), /Forsaken\./);
  assert.deepEqual([...(await pool.run('brighter', input, never))], [3, 4]);
  assert.equal(pool.load().running, 0);
});

for (const [by, call] of [
  ['exit', 'exit'],
  ['kill', 'kill'],
  ['kill of the group', 'kill'],
] as const) {
  test(`one that would end the process by ${by} fails alone, and says why`, async (t) => {
    const pool = open(t);
    await assert.rejects(pool.run('ends', { by }, never), {
      code: 'bad_workflow',
      message: new RegExp(`^The kernel calls process\\.${call}, which would end the consumer`),
    });
    assert.deepEqual([...(await pool.run('brighter', input, never))], [3, 4]);
  });
}

test('messages that a kernel sends by itself are nobody’s', async (t) => {
  const pool = open(t);
  assert.equal(await pool.run('talks', {}, never), 1);
  assert.deepEqual([...(await pool.run('brighter', input, never))], [3, 4]);
});

const MIB = 2 ** 20;

for (const kind of ['typed arrays', 'buffers', 'shared memory', 'memory of WebAssembly'] as const) {
  test(`one that hoards ${kind}, which are no objects of the engine, fails alone`, async (t) => {
    const pool = open(t, { ownKernelBytes: 128 * MIB });
    await assert.rejects(pool.run('hoarder', { kind }, never), {
      code: 'out_of_memory',
      message: /^The image needs too much memory: hoarder took \d+ MiB\.$/,
    });
    assert.deepEqual([...(await pool.run('brighter', input, never))], [3, 4]);
  });
}

test('one is ended with less where the process is about to run out of memory', async (t) => {
  const pool = open(t, { ownKernelBytes: 1024 * MIB, isShort: () => true });
  const greedy = pool.run('hoarder', { kind: 'typed arrays' }, never);
  await assert.rejects(greedy, { code: 'out_of_memory' });
});

test('one that takes what it may is left alone', async (t) => {
  const pool = open(t, { ownKernelBytes: 1024 * MIB });
  assert.equal(await pool.run('hoarder', { kind: 'buffers', steps: 6 }, never), 6);
});

const workflow = (kernel: (input: never) => unknown, timeoutMs?: number) =>
  defineWorkflow({
    name: 'own',
    summary: 'Runs a kernel of its own.',
    accepts: () => true,
    settings: {},
    kernels: ownKernels[0],
    pipeline: () =>
      pipeline(
        download,
        compute(kernel, {
          as: 'left',
          from: (): never => input as never,
          ...(timeoutMs !== undefined && { timeoutMs }),
        }),
        packageResults(({ left }) => [csv('left.csv', ['left'], [[String(left)]])]),
        upload,
      ),
  });
const image = { shape: [1, 1], data: Float32Array.of(0) };

for (const threads of [0, 1]) {
  test(`a workflow runs its own kernels with ${threads} threads`, async () => {
    const { status, files } = await runWorkflow(workflow(brighter), { image, threads });
    assert.equal(status, 'done');
    assert.match(files.get('left.csv')?.text() ?? '', /3,4/);
    const failed = await runWorkflow(workflow(broken), { image, threads });
    assert.match(failed.error?.message ?? '', /A kernel of an author is broken/);
  });
}

test('a kernel that does not end fails its job when its time is up', async () => {
  const { error } = await runWorkflow(workflow(forEver, 100), { image, threads: 1 });
  assert.equal(error?.code, 'job_timeout');
});

test('a function that the module does not hold is refused at the start', async () => {
  const lost = (value: number): number => value;
  await assert.rejects(
    runWorkflow(workflow(lost), { image, threads: 1 }),
    /runs the kernel "lost", which does not exist/,
  );
});

test('a module without kernels, and names of ours, are refused', () => {
  const builtIn = { brighter };
  assert.throws(() => withOwnKernels(builtIn, {}), /exports no `kernels`/);
  assert.throws(() => withOwnKernels(builtIn, { kernels: { a: 1 } }), /exports no `kernels`/);
  assert.throws(
    () => withOwnKernels(builtIn, { kernels: { brighter } }),
    /"brighter" exists already, built in or of another workflow; give yours another name/,
  );
});
