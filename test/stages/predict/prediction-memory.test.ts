import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesHeld } from '../../../src/flow/running/held-bytes.ts';
import { cutTiles, planTiles } from '../../../src/imaging/tiling/tiling.ts';
import { openCanvas } from '../../../src/imaging/tiling/canvas.ts';
import type { TensorInfo } from '../../../src/ports.ts';
import {
  canvasBytes,
  depthsOf,
  stripBytes,
} from '../../../src/stages/predict/prediction-memory.ts';
import { counting } from '../../harness/images/described-image.ts';

const output = (name: string, shape: readonly number[] | undefined): TensorInfo => ({
  name,
  type: 'float32',
  shape,
});
const signature = {
  inputs: [],
  outputs: [output('a', [-1, 32, 32, 1]), output('b', [-1, 32, 32, 3])],
};

test('of all outputs all channels are kept, of heads those that they name', () => {
  assert.deepEqual(depthsOf('all', signature), [
    { gathered: 1, kept: 1 },
    { gathered: 3, kept: 3 },
  ]);
  assert.deepEqual(depthsOf([{ output: -1, channels: [1] }, { output: 0 }], signature), [
    { gathered: 1, kept: 1 },
    { gathered: 1, kept: 1 },
  ]);
});

test('four channels are reckoned for an output whose number nobody tells', () => {
  const vague = { inputs: [], outputs: [output('a', undefined), output('b', [-1, 32, 32, -1])] };
  assert.deepEqual(
    depthsOf('all', vague).map(({ gathered }) => gathered),
    [4, 4],
  );
  const nameless = { inputs: [], outputs: [] };
  assert.deepEqual(depthsOf([{ output: 5 }], nameless), [{ gathered: 4, kept: 4 }]);
  assert.deepEqual(depthsOf([{ output: 0, channels: [1] }], nameless), [{ gathered: 4, kept: 1 }]);
});

for (const [height, width] of [
  [32, 32],
  [100, 75],
  [20, 200],
] as const) {
  test(`${height} × ${width}: canvases and strips take no more than is reckoned`, () => {
    const image = counting(2, height, width, 1);
    const plan = planTiles(image.shape, [32, 32], 'reflect');
    const depths = depthsOf('all', signature);
    const canvases = depths.map(({ gathered }) =>
      openCanvas(
        plan,
        gathered,
        Array.from({ length: gathered }, (_, channel) => channel),
      ),
    );
    const held = bytesHeld(canvases);
    assert.ok(held >= 4 * 4 * image.data.length);
    assert.ok(held <= canvasBytes(plan, depths), `${held} of ${canvasBytes(plan, depths)}`);
    const tiles = cutTiles({ image, plan, firstRow: 0, rowCount: 1 });
    // Tiles as an array and as a message, and outputs of 1 + 3 channels.
    assert.equal(stripBytes(plan, 1, depths), (2 + 4) * tiles.data.byteLength);
    assert.equal(stripBytes(plan, 3, depths), 3 * stripBytes(plan, 1, depths));
  });
}
