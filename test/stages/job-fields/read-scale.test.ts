import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { readScale } from '../../../src/stages/job-fields/read-scale.ts';
import { servedFake } from '../../fakes/fake-models.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const settings = {
  minScale: undefined,
  maxScale: 10,
  scaleDetectEnabled: false,
  scaleDetectModel: { name: 'ScaleDetection', version: 1 },
  pixelSizeFromFile: false,
};
const unread = (): never => {
  throw new Error('The image is not needed.');
};

const pixels = { channel: unread, pixelSize: undefined, micronsPerPixel: 0.65 };

const contextOf = (scale?: string) =>
  stageContext({ job: { fields: scale === undefined ? {} : { scale } } });

test('a job says its scale; nothing is written to its hash then', async () => {
  const { context, notes } = contextOf(' 0.5 ');
  assert.equal(await readScale(pixels, settings, context), 0.5);
  assert.deepEqual(notes, {});
});

test('where the job says nothing it is 1, and the hash says so', async () => {
  for (const nothing of [undefined, '', ' ']) {
    const { context, notes } = contextOf(nothing);
    assert.equal(await readScale(pixels, settings, context), 1);
    assert.deepEqual(notes, { scale: 1 });
  }
});

test('the limits themselves are allowed, and nothing beyond them', async () => {
  for (const text of ['0.1', '10', '1e1'])
    assert.equal(await readScale(pixels, settings, contextOf(text).context), Number(text));
  for (const text of ['0.0999', '10.001', '-1', '0', 'large', 'NaN', 'Infinity', '1,5'])
    await assert.rejects(readScale(pixels, settings, contextOf(text).context), {
      code: 'invalid_job',
      message: `scale is "${text}", but must be a number from 0.1 to 10.`,
    });
});

test('the smallest scale is one divided by the largest, unless it is set', async () => {
  const limits = { ...settings, maxScale: 3 };
  await assert.rejects(readScale(pixels, limits, contextOf('0.3').context), {
    message: 'scale is "0.3", but must be a number from 0.333333 to 3.',
  });
  const own = { ...limits, minScale: 0.25 };
  assert.equal(await readScale(pixels, own, contextOf('0.25').context), 0.25);
});

test('if it is enabled, the scale model is asked, about one channel', async () => {
  const models = new InProcessModels(servedFake('scale1', settings.scaleDetectModel, [16, 16, 1]));
  const compute = new InlinePool(kernels);
  const { context, notes } = stageContext({ models, compute });
  // The fake answers 0.5 + ((first + last) mod 64) / 64 for its tile: here of 1 and 15.
  const data = new Float32Array(256).fill(1);
  data[255] = 15;
  const channel = async () => ({ shape: [1, 16, 16, 1], data });
  const enabled = { ...settings, scaleDetectEnabled: true };
  assert.equal(await readScale({ ...pixels, channel }, enabled, context), 0.75);
  assert.deepEqual(notes, { scale: 0.75 });
  const { context: given } = contextOf('2');
  assert.equal(await readScale(pixels, enabled, given), 2);
});

const withFields = (fields: Readonly<Record<string, string>>) => stageContext({ job: { fields } });
const file = { ...pixels, pixelSize: { x: 0.325, y: 0.325 } };

test('a pixel size in µm gives the scale of the model, unless the job gives a scale', async () => {
  const { context, notes } = withFields({ pixel_size: '0.325', scale: '' });
  assert.equal(await readScale(pixels, settings, context), 0.5);
  assert.deepEqual(notes, { scale: 0.5 });
  const mesmer = { ...pixels, micronsPerPixel: 0.5 };
  assert.equal(await readScale(mesmer, settings, withFields({ pixel_size: '1' }).context), 2);
  const both = withFields({ pixel_size: '0.325', scale: '2' });
  assert.equal(await readScale(pixels, settings, both.context), 2);
});

test('a pixel size must lie within the scales allowed, and the model must say what it expects', async () => {
  for (const text of ['0', 'x', '0.06', '6.6', '-1'])
    await assert.rejects(readScale(pixels, settings, withFields({ pixel_size: text }).context), {
      code: 'invalid_job',
      message: `pixel_size is "${text}", but 0.065 to 6.5 µm are allowed (MIN_SCALE, MAX_SCALE).`,
    });
  const unknown = { ...pixels, micronsPerPixel: undefined };
  await assert.rejects(readScale(unknown, settings, withFields({ pixel_size: '1' }).context), {
    code: 'invalid_job',
    message: /^pixel_size is "1", but nobody says for which pixels the model was trained/,
  });
});

test('the pixel size of the file counts only if a setting says so, and is remarked otherwise', async () => {
  const obeyed = { ...settings, pixelSizeFromFile: true };
  const { context, notes, warnings } = withFields({});
  assert.equal(await readScale(file, obeyed, context), 0.5);
  assert.deepEqual([notes, warnings], [{ scale: 0.5 }, []]);
  const ignored = withFields({});
  assert.equal(await readScale(file, settings, ignored.context), 1);
  assert.deepEqual(ignored.warnings, [
    'The file says that its pixels have 0.325 µm; the image was not resized for the model, which expects 0.65 µm. ' +
      'To resize it give pixel_size=0.325.',
  ]);
  const near = { ...pixels, pixelSize: { x: 0.6, y: 0.62 } };
  const quiet = withFields({});
  assert.equal(await readScale(near, settings, quiet.context), 1);
  assert.deepEqual(quiet.warnings, []);
});

test('pixels that are not square, or that the scales do not allow, are never guessed at', async () => {
  const obeyed = { ...settings, pixelSizeFromFile: true };
  const oblong = { ...pixels, pixelSize: { x: 0.3, y: 0.4 } };
  const { context, warnings } = withFields({});
  assert.equal(await readScale(oblong, obeyed, context), 1);
  assert.match(warnings[0] ?? '', /pixels have 0\.4 × 0\.3 µm; the image was not resized/);
  const huge = { ...pixels, pixelSize: { x: 15, y: 15 } };
  await assert.rejects(readScale(huge, obeyed, withFields({}).context), {
    message:
      'The file says that its pixels have 15 µm, but 0.065 to 6.5 µm are allowed (MIN_SCALE, MAX_SCALE). ' +
      'The field pixel_size or scale says what is right.',
  });
  const unknown = { ...file, micronsPerPixel: undefined };
  assert.equal(await readScale(unknown, obeyed, withFields({}).context), 1);
});
