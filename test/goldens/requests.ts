import assert from 'node:assert/strict';
import type { NdArray } from '../../src/imaging/array.ts';
import type { GoldenCase } from './load.ts';

/** One call of the model as the reference made it. */
interface ExpectedRequest {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly input_crc: Readonly<Record<string, readonly [sum: number, weighted: number]>>;
}

/**
 * The tiles sent are those of the reference, whichever way they were put into batches.
 *
 * @param sent float32 `[tile, row, column, channel]`, in the order of the tiles
 */
export function assertTilesSent(one: GoldenCase, sent: readonly NdArray<Float32Array>[]): void {
  const expected = (one.extra['requests'] ?? []) as readonly ExpectedRequest[];
  if (expected.length === 0) return;
  const values = concatenated(sent);
  let start = 0;
  for (const { inputs, input_crc } of expected) {
    const shape = inputs['image'] ?? [];
    const end = start + shape.reduce((product, axis) => product * axis, 1);
    assert.deepEqual(sent[0]?.shape.slice(1), shape.slice(1));
    const [sum, weighted] = checksum(values.subarray(start, end));
    assertClose(sum, input_crc['image']?.[0] ?? NaN);
    assertClose(weighted, input_crc['image']?.[1] ?? NaN);
    start = end;
  }
  assert.equal(values.length, start);
}

function concatenated(arrays: readonly NdArray<Float32Array>[]): Float32Array {
  const all = new Float32Array(arrays.reduce((length, { data }) => length + data.length, 0));
  let at = 0;
  for (const { data } of arrays) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}

function checksum(values: Float32Array): [sum: number, weighted: number] {
  let sum = 0;
  let weighted = 0;
  values.forEach((value, index) => {
    sum += value;
    weighted += value * (index % 1009);
  });
  return [sum, weighted];
}

/** numpy sums in another order. */
function assertClose(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${actual} ≠ ${expected}`,
  );
}
