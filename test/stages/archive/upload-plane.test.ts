import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { kernels } from '../../../src/kernels.ts';
import { uploadPlane } from '../../../src/stages/archive/upload-plane.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';

const compute = new InlinePool(kernels);
const { signal } = new AbortController();
let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

test('planes become a TIFF of their own, and the fields of the child that works on it', async () => {
  const { context, moved } = stageContext({ bucket: store.bucket, compute });
  const fields = await uploadPlane(
    { name: 'f-0.tif', image: counting(2, 3), axes: 'YX' },
    context,
    signal,
  );
  assert.deepEqual(fields, {
    input_file_name: 'output/f-0.tif',
    original_name: 'f-0.tif',
    url: store.bucket.publicUrl('output/f-0.tif'),
  });
  assert.deepEqual(store.uploads, [['output/f-0.tif', 'image/tiff']]);
  const bytes = await store.read('output/f-0.tif');
  const { limits } = context;
  const { shape, data, axes } = decodeImage({ bytes, name: 'f-0.tif', limits });
  assert.deepEqual([axes, shape, ...data], ['YX', [2, 3], 0, 1, 2, 3, 4, 5]);
  assert.deepEqual(moved, { in: 0, out: bytes.length });
});

test('the object may have another name than the child', async () => {
  const { context } = stageContext({ bucket: store.bucket, compute });
  const plane = { name: 'a.tif', object: 'x-1.tif', image: counting(2, 3), axes: 'YX' };
  const fields = await uploadPlane(plane, context, signal);
  assert.deepEqual([fields.original_name, fields.input_file_name], ['a.tif', 'output/x-1.tif']);
});

test('an upload that fails for a while is repeated alone, and an end of either signal ends it', async () => {
  let attempts = 0;
  const { context } = stageContext({
    bucket: store.bucket,
    compute,
    persist: async (remote, attempt) => {
      assert.equal(remote, 'bucket_write');
      attempts++;
      await attempt();
      return attempt();
    },
  });
  const plane = { name: 'f.tif', image: counting(2, 3), axes: 'YX' };
  await uploadPlane(plane, context, signal);
  assert.deepEqual([attempts, store.uploads.length], [1, 2]);
  const stopped = AbortSignal.abort(new KnownError('claim_lost', 'Taken.'));
  await assert.rejects(uploadPlane({ ...plane, name: 'g.tif' }, context, stopped), {
    code: 'claim_lost',
  });
  assert.deepEqual(await store.keys(), ['output/f.tif']);
});
