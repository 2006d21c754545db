import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOf, understood } from '../../src/results/understood.ts';

const INPUT = {
  axes: 'CYX',
  shape: [2, 512, 600],
  type: 'uint16',
  axesBy: 'OME-XML',
  images: 1,
  size: [512, 600],
  channelsOf: 2,
  channels: [{ channel: 1, name: 'DAPI', min: 0, max: 9 }],
  scale: 0.5,
  pixelSize: { x: 0.325, y: 0.325 },
};

test('how an image was understood is a sentence', () => {
  assert.equal(
    understood(inputOf({ input: JSON.stringify(INPUT) })),
    '512 × 600 pixels; channel 1 (DAPI) of 2; axes by OME-XML; scale 0.5; 0.325 µm per pixel',
  );
});

test('what is no such description says nothing', () => {
  for (const input of ['', '{}', '[', 'null', '{"channels":1}'])
    assert.equal(understood(inputOf({ input })), '');
});
