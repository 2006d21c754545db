import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { KernelFact } from '../../../src/facts/kernels.ts';
import { ThreadPool, type ThreadPoolOptions } from '../../../src/adapters/compute/thread-pool.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { describeComputePool, never } from './compute-pool-contract.ts';
import { type SampleKernels, arrived, closedGate, kernels, open } from './sample-kernels.ts';

const MIB = 2 ** 20;

const kernelsUrl = new URL('sample-kernels.ts', import.meta.url);

describeComputePool(
  'a pool of threads',
  () => new ThreadPool<SampleKernels>({ kernelsUrl, threads: 2 }),
);
describeComputePool('the pool for tests', () => new InlinePool(kernels));

interface Started {
  readonly pool: ThreadPool<SampleKernels>;
  readonly facts: KernelFact[];
  /** Resolves with the next end of a kernel. */
  readonly nextEnd: () => Promise<KernelFact>;
}

function start(t: TestContext, options: Partial<ThreadPoolOptions> = {}): Started {
  const facts: KernelFact[] = [];
  const ends = new EventEmitter();
  const onFact = (fact: KernelFact): void => {
    facts.push(fact);
    if (fact.type === 'kernel ended') ends.emit('end', fact);
  };
  const pool = new ThreadPool<SampleKernels>({ kernelsUrl, threads: 1, onFact, ...options });
  t.after(() => pool.close());
  const nextEnd = async (): Promise<KernelFact> => {
    const [fact] = await once(ends, 'end');
    return fact;
  };
  return { pool, facts, nextEnd };
}

const told = (facts: readonly KernelFact[]): string[] =>
  facts.map(({ type, kernel }) => `${kernel} ${type.split(' ')[1]}`);

describe('a pool of threads', () => {
  it('lets no call wait for a thread that starts while another has become free', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'threads-'));
    t.after(() => rm(folder, { recursive: true }));
    const url = new URL('kernels-that-load-once.ts', import.meta.url);
    url.searchParams.set('marker', join(folder, 'marker'));
    const pool = new ThreadPool<{ thread: () => number }>({ kernelsUrl: url, threads: 2 });
    t.after(() => pool.close());
    await pool.names();
    const run = (): Promise<number> => pool.run('thread', undefined, never);
    const [first, second] = await Promise.all([run(), run()]);
    assert.equal(second, first);
  });

  it('runs as many kernels at a time as it has threads; others wait in order', async (t) => {
    const { pool } = start(t, { threads: 2 });
    const gates = [closedGate(), closedGate(), closedGate()];
    const calls = gates.map((gate) => pool.run('blockAtGate', gate, never));
    const [first = closedGate(), second = closedGate(), third = closedGate()] = gates;
    await Promise.all([arrived(first, 1), arrived(second, 1)]);
    assert.deepEqual(pool.load(), { running: 2, waiting: 1, threads: 2 });
    assert.equal(third[1], 0);
    open(second);
    await arrived(third, 1);
    assert.deepEqual(pool.load(), { running: 2, waiting: 0, threads: 2 });
    for (const gate of gates) open(gate);
    const [a, b, c] = await Promise.all(calls);
    assert.notEqual(a, b);
    assert.equal(b, c);
  });

  it('starts a thread only when a call finds none that is free', async (t) => {
    let threads = 0;
    const count = (): void => void (threads += 1);
    process.on('worker', count);
    t.after(() => process.off('worker', count));
    const { pool } = start(t, { threads: 3 });
    await pool.run('double', { value: 1 }, never);
    await pool.run('double', { value: 2 }, never);
    assert.equal(threads, 1);
    await Promise.all([1, 2].map((value) => pool.run('double', { value }, never)));
    assert.equal(threads, 2);
  });

  it('tells when a kernel starts and ends, how long it waited and ran, and its error', async (t) => {
    const { pool, facts } = start(t);
    await pool.run('double', { value: 1 }, never);
    await assert.rejects(pool.run('refuse', { code: 'corrupt_image' }, never));
    assert.deepEqual(told(facts), [
      'double started',
      'double ended',
      'refuse started',
      'refuse ended',
    ]);
    const [started, ended, , failed] = facts;
    assert.ok(started?.type === 'kernel started' && started.waitedMs >= 0);
    assert.ok(ended?.type === 'kernel ended' && ended.ms >= 0 && ended.error === undefined);
    assert.ok(failed?.type === 'kernel ended' && failed.error?.code === 'corrupt_image');
  });

  it('forgets a waiting call that is given up', async (t) => {
    const { pool, facts } = start(t);
    const gate = closedGate();
    const running = pool.run('blockAtGate', gate, never);
    await arrived(gate, 1);
    const stop = new AbortController();
    const waiting = pool.run('double', { value: 1 }, stop.signal);
    stop.abort(new Error('not wanted any more'));
    await assert.rejects(waiting, /not wanted any more/);
    assert.equal(pool.load().waiting, 0);
    open(gate);
    await running;
    assert.deepEqual(told(facts), ['blockAtGate started', 'blockAtGate ended']);
  });

  it('keeps the thread of a kernel that ends soon after it was given up', async (t) => {
    const { pool, nextEnd } = start(t, { graceMs: 3_600_000 });
    const thread = await pool.run('threadId', null, never);
    const gate = closedGate();
    const stop = new AbortController();
    const call = pool.run('blockAtGate', gate, stop.signal);
    await arrived(gate, 1);
    stop.abort();
    await assert.rejects(call, { name: 'AbortError' });
    const end = nextEnd();
    open(gate);
    await end;
    assert.equal(await pool.run('threadId', null, never), thread);
  });

  it('ends the thread of a kernel that runs on after it was given up', async (t) => {
    const { pool, nextEnd } = start(t, { graceMs: 1 });
    const thread = await pool.run('threadId', null, never);
    const gate = closedGate();
    const stop = new AbortController();
    const call = pool.run('spinForEver', gate, stop.signal);
    await arrived(gate, 1);
    const end = nextEnd();
    stop.abort();
    await assert.rejects(call, { name: 'AbortError' });
    const fact = await end;
    assert.ok(fact.type === 'kernel ended');
    assert.match(String(fact.error?.message), /spinForEver ran on/);
    assert.notEqual(await pool.run('threadId', null, never), thread);
  });

  it('is not disturbed by a signal that fires after the kernel has ended', async (t) => {
    const { pool } = start(t, { graceMs: 0 });
    const stop = new AbortController();
    const thread = await pool.run('threadId', null, stop.signal);
    stop.abort();
    assert.equal(await pool.run('threadId', null, never), thread);
  });
});

describe('a pool whose thread ends', () => {
  const crashes: readonly [
    string,
    (pool: ThreadPool<SampleKernels>) => Promise<unknown>,
    object,
  ][] = [
    [
      'because the kernel leaves the process',
      (pool) => pool.run('exitProcess', { code: 3 }, never),
      { code: 'internal', message: 'The thread that ran exitProcess ended: exit code 3.' },
    ],
    [
      'because of an error outside of the kernel',
      (pool) => pool.run('throwLater', null, never),
      {
        code: 'internal',
        message: 'The thread that ran throwLater ended: thrown outside of the kernel.',
      },
    ],
    [
      'because its heap is full',
      (pool) => pool.run('fillHeap', null, never),
      {
        code: 'out_of_memory',
        message: 'The image needs too much memory: fillHeap took more than 32 MiB.',
      },
    ],
  ];
  for (const [why, crash, expected] of crashes) {
    it(`${why}: fails that kernel alone and goes on`, async (t) => {
      const { pool, facts } = start(t, { threads: 2, heapMiB: 32 });
      const gate = closedGate();
      const other = pool.run('passGate', gate, never);
      await arrived(gate, 1);
      await assert.rejects(crash(pool), expected);
      assert.equal(facts.at(-1)?.type, 'thread lost');
      const next = await Promise.all(
        [1, 2, 3].map((value) => pool.run('double', { value }, never)),
      );
      assert.deepEqual(next, [2, 4, 6]);
      open(gate);
      assert.equal(await other, 'passed');
    });
  }

  it('because there are no kernels: fails every call', async (t) => {
    const { pool } = start(t, { kernelsUrl: new URL('file:///nowhere/kernels.ts') });
    for (const value of [1, 2]) {
      await assert.rejects(pool.run('double', { value }, never), /nowhere/);
    }
  });
});

describe('closing a pool of threads', () => {
  it('fails what runs, what waits and what comes later', async (t) => {
    const { pool } = start(t);
    const gate = closedGate();
    const running = pool.run('spinForEver', gate, never);
    const waiting = pool.run('double', { value: 1 }, never);
    await arrived(gate, 1);
    const ends = [
      assert.rejects(running, { code: 'shutting_down' }),
      assert.rejects(waiting, { code: 'shutting_down' }),
    ];
    await pool.close();
    await Promise.all(ends);
    await assert.rejects(pool.run('double', { value: 1 }, never), { code: 'shutting_down' });
  });
});

describe('shared memory', () => {
  it('is freed once nobody uses it, however much passes through', async (t) => {
    const { pool } = start(t, { threads: 1 });
    let most = 0;
    for (let turn = 0; turn < 64; turn++) {
      await pool.run('allocate', { length: (32 * MIB) / Float32Array.BYTES_PER_ELEMENT }, never);
      most = Math.max(most, await pool.run('heldBytes', null, never));
    }
    // 2 GiB were allocated.
    assert.ok(most >= 32 * MIB && most < 1024 * MIB, `${most} bytes were held`);
  });
});

describe('temporary arrays', () => {
  it('are kept by a thread until it is asked to release memory', async (t) => {
    const { pool } = start(t, { threads: 1 });
    await pool.run('borrow', { bytes: MIB }, never);
    assert.equal(await pool.run('borrow', { bytes: MIB }, never), MIB);
    pool.releaseMemory();
    assert.equal(await pool.run('borrow', { bytes: MIB }, never), 0);
  });
});
