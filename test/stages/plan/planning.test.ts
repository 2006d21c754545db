import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANNING } from '../../../src/stages/plan/planning.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';

test('a stage that plans takes the image that was read, frees it, and reserves three copies of it', () => {
  const raw = describedImage(counting(4, 8), 'YX');
  assert.deepEqual([PLANNING.needs, PLANNING.adds, PLANNING.frees], [['raw'], ['passes'], ['raw']]);
  assert.equal(PLANNING.footprint({ raw }), 3 * 4 * 8 * Float32Array.BYTES_PER_ELEMENT);
});
