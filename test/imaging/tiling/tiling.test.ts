import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../../src/imaging/array.ts';
import {
  cutTiles,
  type PadMode,
  planTiles,
  type TilePlan,
} from '../../../src/imaging/tiling/tiling.ts';
import { openCanvas } from '../../../src/imaging/tiling/canvas.ts';
import { blendTiles } from '../../../src/imaging/tiling/untiling.ts';
import { noise } from '../random-images.ts';
import { tilesOf, type Tiling, untiled } from './reference-tiling.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

/** Sizes below and above those of tiles along each axis, with both pad modes and all ways to overlap. */
function* randomTilings(count: number): Generator<Tiling> {
  const random = seededRandom(1);
  const draw = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  for (let seed = 0; seed < count; seed++) {
    const model = [draw(28, 40), draw(28, 40)] as const;
    const shape = [draw(1, 2), model[0] + draw(-20, 70), model[1] + draw(-20, 70), draw(1, 2)];
    const padMode: PadMode = random() < 0.5 ? 'reflect' : 'constant';
    const ratio = [0.5, 0.6, 0.75, 0.9, 1][draw(0, 4)] ?? 0.75;
    yield { image: noise(shape, seed), model, padMode, ratio };
  }
}

function describe({ image, model, padMode, ratio }: Tiling): string {
  return `${image.shape.join('×')} by ${model.join('×')}, ${padMode}, ${ratio}`;
}

function planOf({ image, model, padMode, ratio }: Tiling): TilePlan {
  return planTiles(image.shape, model, padMode, ratio);
}

test('Tiles are cut as the plain rules say, some rows at a time or all at once.', () => {
  for (const tiling of randomTilings(60)) {
    const plan = planOf(tiling);
    const total = plan.batches * plan.rows.count;
    const expected = tilesOf(tiling).flatMap((tile) => [...tile]);
    for (const rowsAtATime of [1, 2, total]) {
      const strips: Image[] = [];
      for (let firstRow = 0; firstRow < total; firstRow += rowsAtATime) {
        const rowCount = Math.min(rowsAtATime, total - firstRow);
        strips.push(cutTiles({ image: tiling.image, plan, firstRow, rowCount }));
      }
      const values = strips.flatMap(({ data }) => [...data]);
      assert.deepEqual(values, expected, describe(tiling));
    }
  }
});

test('Some channels of an output come together as the plain rules say, whatever the strips.', () => {
  const random = seededRandom(2);
  const choices = [[0], [2], [1, 0], [0, 1, 2]];
  const depths = [3, 4, 7];
  for (const tiling of randomTilings(60)) {
    const plan = planOf(tiling);
    const tile = plan.rows.tile * plan.columns.tile;
    const count = plan.batches * plan.rows.count * plan.columns.count;
    const depth = depths[Math.floor(random() * depths.length)] ?? 3;
    const output = Float32Array.from({ length: count * tile * depth }, () => random() - 0.25);
    const channels = choices[Math.floor(random() * choices.length)] ?? [0];
    const rowsAtATime = 1 + Math.floor(random() * 3);
    const canvas = inStrips(plan, { output, depth, channels }, rowsAtATime);
    for (const [place, channel] of channels.entries()) {
      const plane = output.filter((_, at) => at % depth === channel);
      const tiles = Array.from({ length: count }, (_, at) =>
        plane.subarray(at * tile, (at + 1) * tile),
      );
      const kept = canvas.filter((_, at) => at % channels.length === place);
      assert.deepEqual(kept, untiled(tiling, tiles), describe(tiling));
    }
  }
});

interface Output {
  readonly output: Float32Array;
  /** Channels that it has, and those that are kept. */
  readonly depth: number;
  readonly channels: readonly number[];
}

function inStrips(
  plan: TilePlan,
  { output, depth, channels }: Output,
  rowsAtATime: number,
): Float32Array {
  const canvas = openCanvas(plan, depth, channels);
  const total = plan.batches * plan.rows.count;
  const perRow = output.length / total;
  for (let firstRow = 0; firstRow < total; firstRow += rowsAtATime) {
    const rowCount = Math.min(rowsAtATime, total - firstRow);
    const tiles = output.subarray(firstRow * perRow, (firstRow + rowCount) * perRow);
    blendTiles({ plan, canvas, firstRow, rowCount, tiles });
  }
  return canvas.data;
}

test('Every tile has the size of the model, whichever axes are shorter and longer than it.', () => {
  const sizes = [
    [286, 200],
    [99, 300],
    [1000, 99],
    [255, 512],
    [600, 200],
    [1, 257],
  ] as const;
  for (const [rows, columns] of sizes) {
    const image = noise([1, rows, columns, 1], 4);
    const plan = planTiles(image.shape, [256, 256], 'constant');
    const tiles = cutTiles({ image, plan, firstRow: 0, rowCount: plan.rows.count });
    assert.deepEqual(tiles.shape.slice(1), [256, 256, 1]);
    const canvas = openCanvas(plan, 1, [0]);
    blendTiles({ plan, canvas, firstRow: 0, rowCount: plan.rows.count, tiles: tiles.data });
    assert.deepEqual(canvas.data, image.data);
  }
});

test('A model that takes any size gets the image whole.', () => {
  const image = noise([2, 70, 50, 1], 3);
  const plan = planTiles(image.shape, [-1, -1], 'reflect');
  const tiles = cutTiles({ image, plan, firstRow: 0, rowCount: 2 });
  assert.deepEqual(tiles, image);
  assert.deepEqual(
    inStrips(plan, { output: repeated(tiles.data), depth: 3, channels: [1] }, 1),
    image.data,
  );
});

/** Each value three times. */
function repeated(values: Float32Array): Float32Array {
  return Float32Array.from(
    { length: values.length * 3 },
    (_, at) => values[Math.floor(at / 3)] ?? NaN,
  );
}

test('NaN of a tile stays where the tile is.', () => {
  const image = noise([1, 64, 64, 1], 3);
  const plan = planTiles(image.shape, [32, 32], 'reflect');
  const tiles = cutTiles({ image, plan, firstRow: 0, rowCount: plan.rows.count });
  tiles.data.fill(NaN, 0, 32 * 32);
  const canvas = inStrips(plan, { output: repeated(tiles.data), depth: 3, channels: [0] }, 1);
  const { before } = plan.rows;
  const side = 32 - before;
  for (let at = 0; at < canvas.length; at++) {
    const inFirst = Math.floor(at / 64) < side && at % 64 < side;
    assert.equal(Number.isNaN(canvas[at]), inFirst, String(at));
  }
});

test('Tiles that would overlap more than twice are refused.', () => {
  for (const ratio of [0, 0.49, 1.01, NaN]) {
    assert.throws(() => planTiles([1, 64, 64, 1], [32, 32], 'reflect', ratio), {
      code: 'bad_settings',
      message: `Tiles are placed ${ratio} of their length apart, but must be 0.5 to 1 of it apart.`,
    });
  }
});
