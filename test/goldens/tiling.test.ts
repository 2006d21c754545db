import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../src/imaging/array.ts';
import {
  type TilePlan,
  cutTiles,
  paddedAxis,
  planTiles,
  tileCount,
} from '../../src/imaging/tiling/tiling.ts';
import { overlapTaper } from '../../src/imaging/tiling/taper.ts';
import { openCanvas } from '../../src/imaging/tiling/canvas.ts';
import { blendTiles } from '../../src/imaging/tiling/untiling.ts';
import { type GoldenCase, goldenCases } from './load.ts';

/** The parameters of a case, of whatever types. */
type Parameters = Readonly<Record<string, never>>;

for (const one of goldenCases('tiling')) {
  test(`tiling: ${one.name}`, () => {
    const params = one.params as Parameters;
    if ('overlap' in params) replayTaper(one, params['overlap']);
    else if ('model_input_shape' in params) replayTiles(one, params);
    else replayPadding(one, params);
  });
}

function replayTaper(one: GoldenCase, overlaps: readonly number[]): void {
  for (const overlap of overlaps) {
    const { data } = one.output(`w${overlap}`);
    assert.deepEqual(overlapTaper(overlap), data.slice(0, overlap));
    assert.deepEqual(overlapTaper(overlap).reverse(), data.slice(-overlap));
  }
}

function replayTiles(one: GoldenCase, params: Parameters): void {
  const image = one.input('image') as Image;
  const plan = planTiles(
    image.shape,
    params['model_input_shape'],
    params['pad_mode'],
    params['stride_ratio'],
  );
  const starts = one.output('starts');
  assert.equal(tileCount(plan), starts.shape[0]);
  assert.deepEqual([plan.rows.stride, plan.columns.stride], params['stride']);
  const tiles = cutTiles({ image, plan, firstRow: 0, rowCount: plan.batches * plan.rows.count });
  const size = tiles.data.length / tileCount(plan);
  const expected = one.output('tiles_crc').data;
  for (let tile = 0; tile < tileCount(plan); tile++) {
    const { sum, weighted } = checksum(tiles.data.subarray(tile * size, (tile + 1) * size));
    assertClose(sum, expected[2 * tile] ?? NaN);
    assertClose(weighted, expected[2 * tile + 1] ?? NaN);
  }
  const perturbed = tiles.data.map(
    (value, at) => value * (1 + 0.125 * ((Math.floor(at / size) % 3) - 1)),
  );
  for (const rowsAtATime of [1, 2, plan.batches * plan.rows.count]) {
    assert.deepEqual(untiled(plan, perturbed, rowsAtATime), one.output('untiled').data);
  }
}

function replayPadding(one: GoldenCase, params: Parameters): void {
  const image = one.input('image') as Image;
  const [height, width] = params['model_image_shape'] as readonly [number, number];
  const [batches = 0, rows = 0, columns = 0, channels = 0] = image.shape;
  // No job is padded so where one axis is longer than the model: see `planTiles`.
  const isMixed = rows > height || columns > width;
  const asReference: TilePlan = {
    batches,
    channels,
    rows: paddedAxis(rows, Math.abs(rows - height)),
    columns: paddedAxis(columns, Math.abs(columns - width)),
  };
  const plan = isMixed ? asReference : planTiles(image.shape, [height, width], 'reflect');
  const tiles = cutTiles({ image, plan, firstRow: 0, rowCount: plan.batches });
  assert.deepEqual(tiles.shape, one.output('tiles').shape);
  assert.deepEqual(tiles.data, one.output('tiles').data);
  assert.deepEqual(untiled(plan, tiles.data, 1), one.output('untiled').data);
}

/** The tiles put together again, a few rows of tiles at a time. */
function untiled(plan: TilePlan, tiles: Float32Array, rowsAtATime: number): Float32Array {
  const all = Array.from({ length: plan.channels }, (_, channel) => channel);
  const canvas = openCanvas(plan, plan.channels, all);
  const rows = plan.batches * plan.rows.count;
  const perRow = tiles.length / rows;
  for (let firstRow = 0; firstRow < rows; firstRow += rowsAtATime) {
    const rowCount = Math.min(rowsAtATime, rows - firstRow);
    const part = tiles.subarray(firstRow * perRow, (firstRow + rowCount) * perRow);
    blendTiles({ plan, canvas, firstRow, rowCount, tiles: part });
  }
  return canvas.data;
}

function checksum(values: Float32Array): { sum: number; weighted: number } {
  let sum = 0;
  let weighted = 0;
  values.forEach((value, index) => {
    sum += value;
    weighted += value * (index % 1009);
  });
  return { sum, weighted };
}

/** numpy sums in another order. */
function assertClose(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${actual} ≠ ${expected}`,
  );
}
