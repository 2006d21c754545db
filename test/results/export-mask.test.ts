import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportMask } from '../../src/results/export-mask.ts';

const LABELS = { shape: [2, 1, 2], data: Int32Array.of(0, 1, 2, 2) };
const MASK = { name: 'a_feature_0.tif', batch: 0, feature: 0, labels: LABELS };

test('each form that is wanted is written, outlines for each frame', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-forms-'));
  const place = { folder, pixelSize: undefined };
  try {
    await exportMask(MASK, {}, place);
    assert.deepEqual(await readdir(folder), []);
    await exportMask(MASK, { omeTiff: true, geojson: true }, place);
    assert.deepEqual((await readdir(folder)).toSorted(), [
      'a_feature_0.geojson',
      'a_feature_0.ome.tif',
      'a_feature_0_frame_1.geojson',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
