import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../src/imaging/array.ts';
import {
  blocksOf,
  cutVolume,
  joinVolume,
  planVolume,
} from '../../src/imaging/tiling/volume-tiling.ts';
import { type GoldenCase, goldenCases } from './load.ts';

/** What a manifest allows where it does not say exact. */
interface Tolerance {
  readonly max_abs?: number;
}

for (const one of goldenCases('tiling_3d')) {
  test(`tiling_3d: ${one.name}`, () => {
    const image = one.input('image') as Image;
    const model = one.params['model_input_shape'] as [number, number, number];
    const plan = planVolume(image.shape, model, 'reflect', Number(one.params['stride_ratio']));
    assert.deepEqual(startsOf(plan), [...one.output('starts').data]);
    const joined = joinVolume(cutVolume(image, plan), plan, Number(one.params['power']));
    const untiled = one.output('untiled');
    assert.deepEqual(joined.shape, untiled.shape);
    assert.ok(greatestDifference(joined, untiled as Image) <= toleranceOf(one));
  });
}

/** The start of each block as the manifest has it: item, z, row, column. */
function startsOf(plan: Parameters<typeof blocksOf>[0]): number[] {
  return blocksOf(plan).flatMap(({ batch, start }) => [batch, ...start]);
}

function greatestDifference(actual: Image, expected: Image): number {
  return actual.data.reduce(
    (greatest, value, at) => Math.max(greatest, Math.abs(value - expected.data[at])),
    0,
  );
}

function toleranceOf({ extra }: GoldenCase): number {
  return (extra['tolerance'] as Tolerance | undefined)?.max_abs ?? 0;
}
