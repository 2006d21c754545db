import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { cachedDataVersionTag } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { garbageCollector } from '../../../src/adapters/compute/garbage-collector.ts';

test('asking for it leaves the flags under which code was compiled as they were', async () => {
  const before = cachedDataVersionTag();
  const collect = garbageCollector('major');
  assert.equal(cachedDataVersionTag(), before);
  const reference = new WeakRef({});
  await new Promise(setImmediate);
  collect();
  assert.equal(reference.deref(), undefined);
});

test('threads that ask for it at the same time all get it', async () => {
  const url = new URL('../../../src/adapters/compute/garbage-collector.ts', import.meta.url);
  const ask = `import(${JSON.stringify(url.href)}).then(({ garbageCollector }) => {
    for (let times = 0; times < 200; times++) garbageCollector('minor');
  })`;
  const threads = Array.from({ length: 4 }, () => new Worker(ask, { eval: true }));
  // An error in a thread rejects here.
  const codes = await Promise.all(threads.map((thread) => once(thread, 'exit')));
  assert.deepEqual(codes, [[0], [0], [0], [0]]);
});
