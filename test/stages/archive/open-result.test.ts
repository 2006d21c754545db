import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { openResult } from '../../../src/stages/archive/open-result.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

test('the files of a result are listed in their order, with their sizes', async () => {
  const files = ['b.tif', 'a.tif'].map((name) => ({ name, data: Buffer.from(name) }));
  await store.put('output/r.zip', buildZip(files));
  const remotes: string[] = [];
  const { context } = stageContext({
    bucket: store.bucket,
    persist: (remote, attempt) => {
      remotes.push(remote);
      return attempt();
    },
  });
  const { members, source } = await openResult('output/r.zip', context);
  assert.deepEqual(
    members.map(({ name, size }) => [name, size]),
    [
      ['b.tif', 5],
      ['a.tif', 5],
    ],
  );
  assert.equal(source.size, (await store.read('output/r.zip')).length);
  assert.deepEqual(new Set(remotes), new Set(['bucket_read']));
});

test('a result without files is none of those that are missing or damaged', async () => {
  const { context } = stageContext({ bucket: store.bucket });
  await store.put('output/empty.zip', buildZip([]));
  assert.deepEqual((await openResult('output/empty.zip', context)).members, []);
  await assert.rejects(openResult('output/none.zip', context), { code: 'missing_object' });
  await store.put('output/bad.zip', Buffer.from('bad'));
  await assert.rejects(openResult('output/bad.zip', context), { code: 'corrupt_archive' });
});
