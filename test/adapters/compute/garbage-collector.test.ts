import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedDataVersionTag } from 'node:v8';
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
