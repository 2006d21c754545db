import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { describeImage } from '../../src/formats/decode-image.ts';
import { kernels } from '../../src/kernels.ts';
import { decodeImage } from '../../src/stages/decode-image.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting } from '../harness/images/described-image.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const { context: anyContext } = stageContext();

function given(file: Uint8Array) {
  return { file, described: describeImage({ bytes: file, name: 'a', limits: anyContext.limits }) };
}

const contextWith = (compute: InlinePool, others: Parameters<typeof stageContext>[0] = {}) =>
  stageContext({ compute, ...others });

test('the pixels are those of the file, as float32, with what the file says of its axes', async () => {
  const file = encodeTiff(counting(3, 4, 5));
  const { context, moved, warnings } = contextWith(new InlinePool(kernels));
  const { raw } = await decodeImage.run(given(file), context);
  assert.deepEqual([raw.shape, raw.sampleType], [[3, 4, 5], 'float32']);
  assert.deepEqual([...raw.data], [...counting(3, 4, 5).data]);
  assert.deepEqual(moved, { in: file.length, out: 3 * 4 * 5 * 4 });
  assert.deepEqual(warnings, []);
});

test('what is reserved covers the pixels twice: as they are unpacked and as float32', async () => {
  const value = given(encodeTiff(counting(7, 9)));
  const { context } = contextWith(new InlinePool(kernels));
  const { raw } = await decodeImage.run(value, context);
  assert.equal(decodeImage.footprint?.(value, context), 2 * raw.data.byteLength);
  assert.deepEqual(decodeImage.frees, ['file']);
});

test('what the file lacks is said with the name that the user knows', async () => {
  const decodes = () => ({ ...kernels.decodeImage(input), notes: ['A page is missing.'] });
  const file = encodeTiff(counting(2, 2));
  const input = { bytes: file, name: 'a', limits: anyContext.limits };
  const { context, warnings } = contextWith(new InlinePool({ ...kernels, decodeImage: decodes }), {
    job: { originalName: 'plate/b.tif' },
  });
  await decodeImage.run(given(file), context);
  assert.deepEqual(warnings, ['A page is missing.']);
});

test('a value that is no number is background, and counted in a warning', async () => {
  const image = counting(2, 2);
  image.data[3] = NaN;
  const { context, warnings } = contextWith(new InlinePool(kernels));
  const { raw } = await decodeImage.run(given(encodeTiff(image)), context);
  assert.ok(raw.data.every((value) => Number.isFinite(value)));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^1 of 4 /);
});

test('a file that ends too early fails in words', async () => {
  const file = encodeTiff(counting(20, 20));
  const { context } = contextWith(new InlinePool(kernels));
  const value = { ...given(file), file: file.subarray(0, file.length - 1) };
  await assert.rejects(decodeImage.run(value, context), {
    code: 'corrupt_image',
    message: /"a\.tif"/,
  });
});
