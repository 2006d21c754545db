import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileWasm, WASM_MODULES } from '../../../scripts/compile-wasm.ts';
import { orderedKey } from '../../../src/imaging/ordered-bits.ts';
import {
  type Row,
  bytesOf,
  doublesOf,
  rowsOf,
  withRows,
  wordsOf,
} from '../../../src/imaging/wasm/row-kernels.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

const WIDTHS = [1, 2, 3, 4, 5, 7, 8, 31, 100];

/** Few different values, so that neighbours are often equal; some are not numbers, some minus zero. */
function randomRow(width: number, random: () => number): Float32Array {
  return Float32Array.from({ length: width }, () => {
    const kind = random();
    if (kind < 0.1) return NaN;
    return kind < 0.2 ? -0 : Math.floor(random() * 9) / 4 - 1;
  });
}

/** Runs a comparison on rows of several widths. */
function onRows(check: (width: number, random: () => number) => void): void {
  const random = seededRandom(7);
  for (const width of WIDTHS) for (let repeat = 0; repeat < 20; repeat++) check(width, random);
}

function filled(row: Row, values: Int32Array | Float32Array): Row {
  if (values instanceof Int32Array) row.int32.set(values);
  else row.float32.set(values);
  return row;
}

const keysOf = (values: Float32Array): Int32Array =>
  new Int32Array(values.buffer).map((bits) => orderedKey(bits));

test('the compiled kernels are those of the source', async () => {
  const { rowKernels } = WASM_MODULES;
  assert.equal(readFileSync(rowKernels.module, 'utf8'), await compileWasm(rowKernels));
});

test('widenExtent finds the least and the greatest key of every fourth value', () => {
  onRows((width, random) => {
    const values = randomRow(width, random).map((value) => (Number.isNaN(value) ? 2 : value));
    const found = withRows({ count: 2, width: width + 4 }, ({ kernels, row, rowOf }) => {
      const extent = filled(rowOf(8, 'zero'), Int32Array.of(5, 5, 5, 5, -5, -5, -5, -5));
      const padded = filled(row('zero'), values);
      padded.float32.fill(values[0] ?? 0, width);
      kernels.widenExtent(padded.address, width, extent.address);
      return [...extent.int32];
    });
    const filledUp = Float32Array.from({ length: Math.ceil(width / 4) * 4 }, (_, i) => {
      return (values[i] ?? values[0] ?? 0) + 0;
    });
    const lanes = [0, 1, 2, 3].map((lane) =>
      [...keysOf(filledUp)].filter((_, i) => i % 4 === lane),
    );
    assert.deepEqual(found, [
      ...lanes.map((keys) => Math.min(5, ...keys)),
      ...lanes.map((keys) => Math.max(-5, ...keys)),
    ]);
  });
});

test('the memory of the kernels is lent to one user at a time', () => {
  const use = (work: () => unknown) => withRows({ count: 1, width: 1 }, work);
  assert.throws(() => use(() => use(() => 0)), /is in use/);
  assert.equal(
    use(() => 3),
    3,
  );
});

test('lookUpBins gives the entry of each whole number, and says whether all are', () => {
  onRows((width, random) => {
    const broken = random() < 0.3;
    const values = Float32Array.from({ length: width }, () => Math.floor(random() * 40) - 10);
    if (broken) values[width - 1] = random() < 0.5 ? 3.25 : NaN;
    const table = Uint8Array.from({ length: 20 }, () => random() * 256);
    const least = -10;
    const found = withRows({ count: 3, width: width + 4 }, ({ kernels, row, rowOf }) => {
      const [line, bins, entries] = [
        filled(rowOf(width, 'zero'), values),
        row('zero'),
        row('zero'),
      ];
      bytesOf(entries, 20).set(table);
      const [from, to] = [line.address, bins.address];
      const whole = kernels.lookUpBins(from, width, least, 19, entries.address, to);
      return { whole, bins: [...bytesOf(bins, width)] };
    });
    assert.equal(found.whole, broken ? 0 : 1);
    const expected = Array.from(values, (value) => table[Math.min(value - least, 19)]);
    if (!broken) assert.deepEqual(found.bins, expected);
  });
});

test('blendLevels weighs four levels of each bin, in float32, and widens their range', () => {
  onRows((width, random) => {
    const bins = Uint8Array.from({ length: width }, () => random() * 256);
    const corners = Float32Array.from({ length: 1024 }, () => Math.floor(random() * 16_384));
    const across = Float64Array.from({ length: 2 * width }, random);
    const [upper, lower] = [random(), random()];
    const lengths = [width, 1024, 4 * width, width, 2];
    const found = withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
      const [binRow, cornerRow, acrossRow, levels, extent] = lengths.map((length) =>
        rowOf(length, 'zero'),
      ) as [Row, Row, Row, Row, Row];
      bytesOf(binRow, width).set(bins);
      filled(cornerRow, corners);
      doublesOf(acrossRow, 2 * width).set(across);
      filled(extent, Float32Array.of(5000, 6000));
      kernels.blendLevels(
        binRow.address,
        cornerRow.address,
        acrossRow.address,
        upper,
        lower,
        width,
        levels.address,
        extent.address,
      );
      return { levels: [...wordsOf(levels, width)], extent: [...extent.float32] };
    });
    const exact = Array.from(bins, (bin, x) => {
      const weights = [upper, lower].flatMap((down) =>
        [...across.subarray(2 * x, 2 * x + 2)].map((side) => side * down),
      );
      return weights
        .map((weight, corner) => Math.fround((corners[4 * bin + corner] ?? NaN) * weight))
        .reduce((sum, product) => Math.fround(sum + product));
    });
    assert.deepEqual(found.levels, exact.map(Math.trunc));
    assert.deepEqual(found.extent, [Math.min(5000, ...exact), Math.max(6000, ...exact)]);
  });
});

test('readWhole tells whole numbers of 16 bits and counts them', () => {
  onRows((width, random) => {
    const step = 1 + Math.floor(random() * 4);
    const whole = random() < 0.5;
    const values = Float32Array.from({ length: width * step }, () => Math.floor(random() * 65_536));
    const odd = [-1, 0.5, 65_536, NaN][Math.floor(random() * 4)] ?? NaN;
    if (!whole) values[step * Math.floor(random() * width)] = odd;
    const lengths = [width * step, width, 2 * 65_536];
    const found = withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
      const [line, words, lists] = lengths.map((length) => rowOf(length, 'zero')) as [
        Row,
        Row,
        Row,
      ];
      filled(line, values);
      const from = line.address;
      const areWhole = kernels.readWhole(from, step, width, words.address, lists.address);
      const counts = lists.int32.subarray(0, 65_536).map((count, at) => count + at65536(lists, at));
      return { areWhole, words: [...wordsOf(words, width)], counts };
    });
    assert.equal(found.areWhole, whole ? 1 : 0);
    if (!whole) return;
    const expected = Array.from(values.filter((_, at) => at % step === 0));
    assert.deepEqual(found.words, expected);
    const counts = new Int32Array(65_536);
    for (const value of expected) counts[value] = (counts[value] ?? 0) + 1;
    assert.deepEqual(found.counts, counts);
  });
});

const at65536 = ({ int32 }: Row, place: number): number => int32[65_536 + place] ?? NaN;

test('countRegions counts the bins of each region', () => {
  onRows((length, random) => {
    const regions = 1 + Math.floor(random() * 5);
    const bins = Uint8Array.from({ length: length * regions }, () => random() * 256);
    const lengths = [length * regions, 1024 * regions];
    const lists = withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
      const [line, counts] = lengths.map((some) => rowOf(some, 'zero')) as [Row, Row];
      bytesOf(line, bins.length).set(bins);
      kernels.countRegions(line.address, length, regions, counts.address);
      return counts.int32.slice();
    });
    const expected = new Int32Array(256 * regions);
    bins.forEach((bin, x) => (expected[256 * Math.floor(x / length) + bin] += 1));
    const found = expected.map((_, at) => {
      const first = 1024 * Math.floor(at / 256) + (at % 256);
      return [0, 256, 512, 768].reduce((sum, list) => sum + (lists[first + list] ?? NaN), 0);
    });
    assert.deepEqual(found, expected);
  });
});
