import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { floodLabels } from '../../../src/imaging/watershed/watershed.ts';
import { markersOf } from '../markers-of.ts';
import { randomPlanes } from '../random-planes.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

interface Entry {
  readonly value: number;
  readonly age: number;
  readonly pixel: number;
}

const isLess = (a: Entry, b: Entry): boolean =>
  a.value < b.value || (a.value === b.value && a.age < b.age);

function push(heap: Entry[], entry: Entry): void {
  heap.push(entry);
  for (let child = heap.length - 1; child > 0;) {
    const parent = Math.floor((child + 1) / 2) - 1;
    if (!isLess(heap[child], heap[parent])) return;
    [heap[child], heap[parent]] = [heap[parent], heap[child]];
    child = parent;
  }
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  heap[0] = last;
  for (let node = 0; ;) {
    const [left, right] = [2 * node + 1, 2 * node + 2];
    let least = node;
    if (left < heap.length && isLess(heap[left], heap[least])) least = left;
    if (right < heap.length && isLess(heap[right], heap[least])) least = right;
    if (least === node) return first;
    [heap[node], heap[least]] = [heap[least], heap[node]];
    node = least;
  }
}

/** The definition as it is written. */
function slowWatershed(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  markers: Int32Array,
  threshold: number,
): Int32Array {
  const labels = markers.map((marker, p) => (plane[p] > threshold ? marker : 0));
  const heap: Entry[] = [];
  labels.forEach((label, pixel) => {
    if (label > 0) push(heap, { value: -plane[pixel], age: 0, pixel });
  });
  let age = 1;
  for (let entry = pop(heap); entry !== undefined; entry = pop(heap)) {
    const [row, column] = [Math.floor(entry.pixel / columns), entry.pixel % columns];
    for (const [y, x] of [
      [row - 1, column],
      [row, column - 1],
      [row, column + 1],
      [row + 1, column],
    ]) {
      const pixel = y * columns + x;
      if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
      if (!(plane[pixel] > threshold) || labels[pixel] !== 0) continue;
      labels[pixel] = labels[entry.pixel];
      push(heap, { value: -plane[pixel], age: ++age, pixel });
    }
  }
  return labels;
}

/** Single pixels and short runs with labels, some labels in several places. */
function randomMarkers(length: number, random: () => number): Int32Array {
  const markers = new Int32Array(length);
  const density = 0.002 + 0.1 * random() ** 2;
  for (let pixel = 0; pixel < length; pixel++) {
    if (random() > density) continue;
    const label = 1 + Math.floor(random() * 12);
    markers.fill(label, pixel, pixel + 1 + Math.floor(random() * 3));
  }
  return markers;
}

for (const threshold of [0.05, -0.7]) {
  test(`grows labels as a heap does above ${threshold}`, () => {
    const random = seededRandom(Math.trunc(1e6 * threshold));
    for (const { name, plane, size } of randomPlanes(20)) {
      const markers = randomMarkers(plane.length, random);
      const labels = new Int32Array(plane.length);
      floodLabels(
        { plane, size, threshold: Math.fround(threshold), markers: markersOf(markers) },
        labels,
      );
      const expected = slowWatershed(plane, size, markers, Math.fround(threshold));
      assert.deepEqual(labels, expected, name);
    }
  });
}

test('tells apart equal heights as a heap does', () => {
  const random = seededRandom(1);
  for (let repeat = 0; repeat < 3000; repeat++) {
    const size = { rows: 1 + Math.floor(random() * 18), columns: 1 + Math.floor(random() * 18) };
    const levels = 20 + random() * 150;
    const length = size.rows * size.columns;
    const plane = Float32Array.from({ length }, () => Math.round(random() * levels) / levels);
    const markers = randomMarkers(length, random);
    const labels = new Int32Array(length);
    floodLabels({ plane, size, threshold: 0.1, markers: markersOf(markers) }, labels);
    assert.deepEqual(labels, slowWatershed(plane, size, markers, 0.1), `repeat ${repeat}`);
  }
});
