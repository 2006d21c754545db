import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelHeads } from '../../../bench/kernels/specimens.ts';
import { CELLS, mesmer } from '../../../src/imaging/applications/application.ts';
import { finishImage, prepareImage } from '../../../src/imaging/applications/run-application.ts';
import { retainAtMost, retainedBytes } from '../../../src/imaging/scratch.ts';
import { finishingBytes, preparingBytes } from '../../../src/stages/plan/needed-memory.ts';
import { counting } from '../../harness/images/described-image.ts';

const SIZE = 256;
const model = { name: 'Fake', version: 1 };
/** Nothing is there before: all has to be reserved. */
const NO_THREAD = {};

/** Bytes that the temporary arrays of a kernel take, and what it makes. */
function bytesOf(kernel: () => { readonly data: { readonly byteLength: number } }): number {
  retainAtMost(0);
  retainAtMost(2 ** 30);
  const { data } = kernel();
  return retainedBytes() + data.byteLength;
}

test('what preparing an image takes is reserved, at each scale', () => {
  for (const scale of [1, 0.5, 2]) {
    for (const [application, channels] of [
      [CELLS, 1],
      [mesmer('both'), 2],
    ] as const) {
      const pass = { application, model, scale, image: counting(1, SIZE, SIZE, channels) };
      const taken = bytesOf(() => prepareImage(pass));
      assert.ok(
        taken <= preparingBytes(pass, NO_THREAD),
        `${application.name} at ${scale}: ${taken}`,
      );
    }
  }
});

test('what finishing an image takes is reserved, and hardly more', () => {
  const { distance, interior } = modelHeads(SIZE, 1);
  const pair = [distance, interior];
  for (const [application, heads] of [
    [CELLS, pair],
    [mesmer('both'), [...pair, ...pair]],
  ] as const) {
    for (const size of [
      [SIZE, SIZE],
      [2 * SIZE, 2 * SIZE],
    ] as const) {
      const pass = { application, model, scale: 1, heads, size };
      const taken = bytesOf(() => finishImage(pass));
      const reserved = finishingBytes(pass, NO_THREAD);
      assert.ok(taken <= reserved, `${application.name}: ${taken} of ${reserved}`);
      assert.ok(taken > reserved / 3, `${application.name}: only ${taken} of ${reserved}`);
    }
  }
});
