import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { defineStage } from '../../../src/flow/stage.ts';
import { findStored, unlessStored } from '../../../src/stages/archive/find-stored.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';

const KEY = 'output/0123456789abcdef0123456789abcdef.zip';
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

test('the result of an earlier run is found; otherwise nothing is said', async () => {
  const { context } = stageContext({ bucket: store.bucket });
  assert.deepEqual(await findStored.run({}, context), {});
  await store.put(KEY, Buffer.from('a result'));
  const stored = { url: store.bucket.publicUrl(KEY), fileName: KEY };
  assert.deepEqual(await findStored.run({}, context), { stored });
});

test('a bucket that is away is no proof that there is no result', async () => {
  const away = new KnownError('bucket_unavailable', 'Away.');
  const remotes: string[] = [];
  const { context } = stageContext({
    bucket: store.bucket,
    persist: async (remote) => {
      remotes.push(remote);
      throw away;
    },
  });
  await assert.rejects(findStored.run({}, context), away);
  assert.deepEqual(remotes, ['bucket_read']);
});

test('a guarded stage runs, and asks for memory, only where nothing is stored', async () => {
  let runs = 0;
  const guarded = unlessStored(
    defineStage({
      name: 'make',
      concurrency: 1,
      footprint: ({ bytes }: { bytes: number }) => bytes,
      run: async ({ bytes }: { bytes: number }) => ({ made: bytes, runs: ++runs }),
    }),
  );
  const { context } = stageContext();
  const stored = { url: 'u', fileName: 'f' };
  assert.deepEqual(await guarded.run({ bytes: 3 }, context), { made: 3, runs: 1 });
  assert.deepEqual(await guarded.run({ bytes: 3, stored }, context), { output: stored });
  assert.equal(runs, 1);
  assert.equal(guarded.footprint?.({ bytes: 3 }, context), 3);
  assert.equal(guarded.footprint?.({ bytes: 3, stored }, context), 0);
});
