import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesHeld } from '../../../src/flow/running/held-bytes.ts';
import { frameTensors } from '../../../src/imaging/tracking/frame-tensors.ts';
import { encodingBytes } from '../../../src/stages/tracking/tracking-memory.ts';

const SIZE = 48;
const SLOTS = 9;
const CROP = { appearanceSize: 16, crop: 'resize' } as const;

/** Nine square cells. */
function cells(): Int32Array {
  return Int32Array.from({ length: SIZE * SIZE }, (_, at) => {
    const [row, column] = [Math.floor(at / SIZE), at % SIZE];
    const isCell = row % 16 < 12 && column % 16 < 12;
    return isCell ? 1 + 3 * Math.floor(row / 16) + Math.floor(column / 16) : 0;
  });
}

test('the tensors of the frames under way are reserved, as the kernel makes them and as messages', () => {
  const image = { shape: [SIZE, SIZE, 1], data: new Float32Array(SIZE * SIZE).fill(1) };
  const labels = { shape: [SIZE, SIZE, 1], data: cells() };
  const tensors = frameTensors({ image, labels, slots: SLOTS, neighbourDistance: 10, ...CROP });
  const needed = { frames: 10, slots: SLOTS, appearanceSize: 16, channels: 1 };
  const [none, two] = [0, 2].map((atATime) => encodingBytes({ ...needed, atATime }));
  assert.ok((two ?? 0) - (none ?? 0) >= 2 * 3 * bytesHeld(tensors));
  // 64 features a cell, in each frame.
  assert.ok((none ?? 0) >= 2 * 10 * SLOTS * 64 * 4);
});

test('no more frames are under way than the movie has', () => {
  const encoding = { frames: 1, slots: 3, appearanceSize: 16, channels: 1 };
  assert.equal(
    encodingBytes({ ...encoding, atATime: 4 }),
    encodingBytes({ ...encoding, atATime: 1 }),
  );
});
