import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  postprocessFunctions,
  preprocessFunctions,
} from '../../../src/imaging/applications/functions.ts';

function kinds(steps: readonly { readonly kind: string }[]): string[] {
  return steps.map(({ kind }) => kind);
}

test('Functions are chained in the order of the list, whatever the case and the blanks.', () => {
  const list = ' Normalize,histogram_normalization , MULTIPLEX_PREPROCESS,none';
  assert.deepEqual(kinds(preprocessFunctions(list)), [
    'normalize',
    'histogram_normalization',
    'mesmer',
    'none',
  ]);
  assert.deepEqual(kinds(postprocessFunctions("['deep_watershed']")), ['deep_watershed']);
  assert.deepEqual(kinds(postprocessFunctions('multiplex_postprocess_consumer')), ['multiplex']);
});

test('Empty entries do nothing.', () => {
  assert.deepEqual(preprocessFunctions(''), []);
  assert.deepEqual(kinds(preprocessFunctions(',normalize,,')), ['normalize']);
});

test('A function whose formula nobody has is refused, with those that there are.', () => {
  for (const name of ['deepcell', 'pixelwise', 'watershed', 'retinanet', 'retinanet-semantic']) {
    assert.throws(() => postprocessFunctions(name), {
      code: 'unsupported_function',
      message:
        `postprocess_function names "${name}", which is no longer supported; ` +
        'use one of deep_watershed, multiplex_postprocess_consumer, none.',
    });
  }
});

test('An unknown function is refused, with those that there are.', () => {
  assert.throws(() => preprocessFunctions('normalize,constructor'), {
    code: 'unsupported_function',
    message:
      'preprocess_function names "constructor", which does not exist; ' +
      'use one of normalize, histogram_normalization, multiplex_preprocess, none.',
  });
});
