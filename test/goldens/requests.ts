import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { NdArray } from '../../src/imaging/array.ts';
import type { GoldenCase } from './load.ts';

/** One call of a model as the reference made it. */
interface ExpectedRequest {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly input_crc: Readonly<Record<string, readonly [sum: number, weighted: number]>>;
}

type Tensor = NdArray<Float32Array>;

/**
 * The tiles sent are those that the manifest lists. `inOrder` are these tiles in the order of the reference, which their checksums
 * prove; those sent must be the same, bit for bit. They may have been put into other batches, and batches may have overtaken
 * each other on their way.
 */
export function assertTilesSent(
  one: GoldenCase,
  calls: readonly Tensor[],
  inOrder: readonly Tensor[] = calls,
): void {
  const expected = requestsOf(one);
  if (expected.length === 0) return;
  const rowShapes = new Set(expected.map(({ inputs }) => rowShape(inputs['image'])));
  calls.forEach(({ shape }) => assert.ok(rowShapes.has(rowShape(shape)), rowShape(shape)));
  assert.equal(sum(calls.map(({ shape }) => shape[0])), tilesOf(one), 'the number of tiles');
  assert.ok(agree(inOrder, expected), complaint(inOrder, expected));
  assert.deepEqual(digests(calls), digests(inOrder), 'the tiles sent');
}

/** A digest of each row, sorted: equal for equal rows in any batches and any order. */
function digests(tensors: readonly Tensor[]): string[] {
  return tensors
    .flatMap(({ shape, data }) => {
      const [rows = 0] = shape;
      const length = data.length / rows;
      return Array.from({ length: rows }, (_, row) => {
        const values = data.slice(row * length, (row + 1) * length);
        return createHash('sha1').update(new Uint8Array(values.buffer)).digest('hex');
      });
    })
    .toSorted();
}

/** How many tiles the reference sent. */
export function tilesOf(one: GoldenCase): number {
  return sum(requestsOf(one).map(({ inputs }) => inputs['image']?.[0]));
}

/**
 * Whether the model takes what the reference sent. It does not where the image is shorter than the
 * model along one axis and longer along the other: such a job runs with a fake alone, and fails
 * upstream (deepcell-tf #709).
 */
export function fitsModel(one: GoldenCase): boolean {
  const model = (one.params['model_image_shape'] ?? []) as readonly number[];
  return requestsOf(one).every(({ inputs }) =>
    model.every((length, axis) => length < 0 || length === inputs['image']?.[axis + 1]),
  );
}

/** Every tile has the size of the model. */
export function assertTilesFit(one: GoldenCase, calls: readonly Tensor[]): void {
  assert.ok(calls.length > 0);
  for (const { shape } of calls) assert.deepEqual(shape.slice(1), one.params['model_image_shape']);
}

function requestsOf({ extra }: GoldenCase): readonly ExpectedRequest[] {
  return (extra['requests'] ?? []) as readonly ExpectedRequest[];
}

function rowShape(shape: readonly number[] = []): string {
  return shape.slice(1).join(' × ');
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** Whether the requests that these calls fill have the checksums that they should have. */
function agree(placed: readonly Tensor[], expected: readonly ExpectedRequest[]): boolean {
  return regrouped(placed, expected).every((values, index) => {
    const crc = expected[index]?.input_crc['image'] ?? [];
    return checksum(values).every((value, part) => isClose(value, crc[part] ?? NaN));
  });
}

/** The values of the calls, cut into the expected requests; without one that is not full. */
function regrouped(
  calls: readonly Tensor[],
  expected: readonly ExpectedRequest[],
): readonly Float32Array[] {
  const values = concatenated(calls);
  let start = 0;
  return expected.flatMap(({ inputs }) => {
    const end = start + (inputs['image'] ?? []).reduce((product, axis) => product * axis, 1);
    const request = values.subarray(start, end);
    start = end;
    return end <= values.length ? [request] : [];
  });
}

function concatenated(arrays: readonly Tensor[]): Float32Array {
  const all = new Float32Array(sum(arrays.map(({ data }) => data.length)));
  let at = 0;
  for (const { data } of arrays) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}

/** As the manifests define it: the sum, and the sum of each value times its index modulo 1009. */
function checksum(values: Float32Array): [sum: number, weighted: number] {
  let plain = 0;
  let weighted = 0;
  values.forEach((value, index) => {
    plain += value;
    weighted += value * (index % 1009);
  });
  return [plain, weighted];
}

/** numpy sums in another order. */
function isClose(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

function complaint(calls: readonly Tensor[], expected: readonly ExpectedRequest[]): string {
  const sent = regrouped(calls, expected).map(checksum);
  const wanted = expected.map(({ input_crc }) => input_crc['image']);
  return `The tiles sent have the checksums ${JSON.stringify(sent)}, not ${JSON.stringify(wanted)}.`;
}
