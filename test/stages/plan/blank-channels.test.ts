import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseBlankChannels } from '../../../src/stages/plan/blank-channels.ts';

/** 2 frames of 3 channels. */
const movie = (blankPlanes: readonly number[]) => ({
  shape: [2, 3, 8, 9],
  axes: 'TCYX',
  blankPlanes,
});

test('a channel without a value in any frame is refused where it is used', () => {
  const message = /^Channel 1 of the image has no values/;
  assert.throws(() => refuseBlankChannels(movie([1, 4]), 'BCXY', [0, 1]), { message });
  assert.doesNotThrow(() => refuseBlankChannels(movie([1, 4]), 'BCXY', [0, 2]));
});

test('a channel that lacks some frames is used', () => {
  assert.doesNotThrow(() => refuseBlankChannels(movie([1]), 'BCXY', [1]));
});

test('planes are numbered by all axes but rows and columns, wherever these stand', () => {
  const colours = { shape: [2, 8, 9, 3], axes: 'CYXS', blankPlanes: [4] };
  assert.throws(() => refuseBlankChannels(colours, 'CXYC', [4]), { message: /Channel 4/ });
  assert.doesNotThrow(() => refuseBlankChannels(colours, 'CXYC', [0, 1, 2, 3, 5]));
});

test('where nobody names rows and columns they are the last two axes, if the job takes them so', () => {
  const pair = { shape: [2, 8, 9], axes: 'QQQ', blankPlanes: [1] };
  assert.throws(() => refuseBlankChannels(pair, 'CXY', [0, 1]), { message: /Channel 1/ });
  assert.doesNotThrow(() => refuseBlankChannels(pair, 'XYC', [0, 1]));
});
