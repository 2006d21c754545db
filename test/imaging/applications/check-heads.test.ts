import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELLS, mesmer, spots } from '../../../src/imaging/applications/application.ts';
import { checkHeads } from '../../../src/imaging/applications/check-heads.ts';
import {
  postprocessFunctions,
  preprocessFunctions,
} from '../../../src/imaging/applications/functions.ts';
import { finishImage } from '../../../src/imaging/applications/run-application.ts';
import { noise } from '../random-images.ts';

const good = noise([1, 8, 8, 1], 1);

function withValue(value: number) {
  const data = good.data.slice();
  data[5] = value;
  return { shape: good.shape, data };
}

test('Heads of numbers pass; so does a logarithm of 0.', () => {
  checkHeads(CELLS, [good, good]);
  checkHeads(CELLS, [good, withValue(-Infinity)]);
});

test('NaN or infinity in a head is refused where cells are made of it.', () => {
  for (const value of [NaN, Infinity]) {
    const heads = [good, withValue(value)];
    assert.throws(() => finishImage({ application: CELLS, heads, size: [8, 8] }), {
      code: 'model_mismatch',
      message:
        '1 of 128 values that the model gave are NaN or infinite, so that cells would be missing. ' +
        'A model in half precision may overflow: serve it in float32.',
    });
    assert.throws(() => checkHeads(mesmer('nuclear'), heads), { code: 'model_mismatch' });
  }
});

test('What the model gave is left as it is where nothing is made of it, or where the image may be NaN.', () => {
  const heads = [good, withValue(NaN)];
  checkHeads({ preprocess: [], postprocess: postprocessFunctions('') }, heads);
  checkHeads(spots({ clip: false }), heads);
  const postprocess = postprocessFunctions('deep_watershed');
  checkHeads({ preprocess: [{ kind: 'min_max', clip: false }], postprocess }, heads);
  assert.throws(() =>
    checkHeads({ preprocess: preprocessFunctions('normalize'), postprocess }, heads),
  );
});
