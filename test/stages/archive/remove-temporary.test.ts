import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { Bucket } from '../../../src/ports.ts';
import { removeTemporary } from '../../../src/stages/archive/remove-temporary.ts';
import { noObjects } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';

const ID = '0123456789abcdef0123456789abcdef';
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

const collected = {
  results: [{ key: 'image:0', fileName: 'output/r0.zip', originalName: 'a.tif' }],
  failures: [],
  totals: {},
  cells: undefined,
};

test('results of children are removed, but nothing that the job did not make', async () => {
  for (const key of ['output/r0.zip', `output/${ID}.zip`, 'uploads/original.tif'])
    await store.put(key, Buffer.from('x'));
  const { context, warnings } = stageContext({ bucket: store.bucket });
  await removeTemporary.run({ collected }, context);
  assert.deepEqual(await store.keys(), [`output/${ID}.zip`, 'uploads/original.tif']);
  assert.deepEqual([warnings, removeTemporary.frees], [[], ['collected']]);
});

test('what an earlier run has noted under another name is removed too', async () => {
  const key = `output/${'f'.repeat(32)}/a.tif`;
  await store.put(key, Buffer.from('x'));
  let left = [key];
  const family = {
    ...stageContext().context.family,
    ...noObjects,
    notedObjects: async () => left,
    forgetObjects: async () => void (left = []),
  };
  const { context } = stageContext({ bucket: store.bucket, family });
  await removeTemporary.run({ collected: { ...collected, results: [] } }, context);
  assert.deepEqual([await store.keys(), left], [[], []]);
});

test('what the job has noted is removed, whatever became of the children that had it', async () => {
  const own = Array.from({ length: 5 }, (_, at) => `output/${ID}/${at}.tif`);
  for (const key of [...own, 'uploads/original.tif']) await store.put(key, Buffer.from('x'));
  let left: readonly string[] = [...own, 'uploads/original.tif'];
  const family = {
    ...stageContext().context.family,
    ...noObjects,
    notedObjects: async () => left.slice(0, 2),
    forgetObjects: async (keys: readonly string[]) => {
      left = left.filter((key) => !keys.includes(key));
    },
  };
  const { context, warnings } = stageContext({ bucket: store.bucket, family });
  await removeTemporary.run({ collected: { ...collected, results: [] } }, context);
  assert.deepEqual([await store.keys(), left], [['uploads/original.tif'], []]);
  left = own;
  const refused = stageContext({ bucket: stubborn(), family });
  await removeTemporary.run({ collected: { ...collected, results: [] } }, refused.context);
  // The others are left to those who look around when the job has ended.
  assert.deepEqual(left, own);
  assert.deepEqual(warnings, []);
  assert.match(refused.warnings.join(), /temporary objects could not be removed; they expire/);
});

/** A bucket that removes nothing. */
function stubborn(): Bucket {
  const remove: Bucket['remove'] = () =>
    Promise.reject(new KnownError('access_denied', 'Not allowed.'));
  return Object.assign(Object.create(store.bucket) as Bucket, { remove });
}

test('what cannot be removed fails no job that is done: it is counted in a warning', async () => {
  const { context, warnings } = stageContext({ bucket: stubborn() });
  await removeTemporary.run({ collected }, context);
  assert.deepEqual(warnings, ['1 temporary objects could not be removed; they expire.']);
});

test('an object that no bucket can hold is not said to be left', async () => {
  let left = [`output/${ID}/./a.tif`];
  const family = {
    ...stageContext().context.family,
    ...noObjects,
    notedObjects: async () => left,
    forgetObjects: async () => void (left = []),
  };
  const { context, warnings } = stageContext({ bucket: store.bucket, family });
  await removeTemporary.run({ collected }, context);
  assert.deepEqual([warnings, left], [[], []]);
});

test('a job that is given up does not go on', async () => {
  const signal = AbortSignal.abort(new KnownError('claim_lost', 'Taken.'));
  const { context, warnings } = stageContext({ bucket: stubborn(), signal });
  await assert.rejects(removeTemporary.run({ collected }, context), { code: 'claim_lost' });
  assert.deepEqual(warnings, []);
});

test('nothing is removed before the hash says that the result is stored, with all there is to say', async () => {
  await store.put('output/r0.zip', Buffer.from('x'));
  let isTold = false;
  const refused = stageContext({
    bucket: store.bucket,
    flush: () => Promise.reject(new KnownError('claim_lost', 'Taken.')),
  });
  await assert.rejects(removeTemporary.run({ collected }, refused.context), { code: 'claim_lost' });
  assert.deepEqual(await store.keys(), ['output/r0.zip']);
  const { context } = stageContext({
    bucket: store.bucket,
    flush: async () => {
      assert.deepEqual(await store.keys(), ['output/r0.zip']);
      isTold = true;
    },
  });
  await removeTemporary.run({ collected }, context);
  assert.deepEqual([isTold, await store.keys()], [true, []]);
});
