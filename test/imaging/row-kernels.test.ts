import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileWasm, WASM_MODULES } from '../../scripts/compile-wasm.ts';
import { LOWEST, orderedKey } from '../../src/imaging/ordered-bits.ts';
import {
  type Row,
  bytesOf,
  doublesOf,
  rowsOf,
  withRows,
  wordsOf,
} from '../../src/imaging/row-kernels.ts';
import { seededRandom } from '../../src/seeded-random.ts';

const WIDTHS = [1, 2, 3, 4, 5, 7, 8, 31, 100];
const UNLINKED = -0x80000000;

/** Few different values, so that neighbours are often equal; some are not numbers, some minus zero. */
function randomRow(width: number, random: () => number): Float32Array {
  return Float32Array.from({ length: width }, () => {
    const kind = random();
    if (kind < 0.1) return NaN;
    return kind < 0.2 ? -0 : Math.floor(random() * 9) / 4 - 1;
  });
}

function randomMarkers(width: number, random: () => number): Int32Array {
  return Int32Array.from({ length: width }, () =>
    random() < 0.2 ? Math.floor(random() * 5) - 1 : 0,
  );
}

/** Heights of a row, and levels not above them. */
function randomLevels(width: number, random: () => number): [Int32Array, Int32Array] {
  const heights = Int32Array.from({ length: width }, () =>
    random() < 0.2 ? LOWEST : Math.floor(random() * 6),
  );
  return [heights, heights.map((height) => (random() < 0.4 ? Math.min(height, 2) : height))];
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

const at = (row: Int32Array, place: number): number => row[place] ?? LOWEST;

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

test('findSummits lists what no neighbour exceeds', () => {
  onRows((width, random) => {
    const rows = [0, 1, 2].map(() => randomRow(width, random));
    const [bound, margin] = [-0.25, 0.25];
    const found = withRows({ count: 5, width }, ({ kernels, row }) => {
      const [above = 0, current = 0, below = 0] = rows.map(
        (values) => filled(row('not a number'), values).address,
      );
      const places = row('zero');
      const { address } = places;
      const count = kernels.findSummits(above, current, below, width, bound, margin, address);
      return [...places.int32.subarray(0, count)];
    });
    const expected = Array.from({ length: width }, (_, x) => x).filter((x) => {
      const value = rows[1]?.[x] ?? NaN;
      const near = rows.flatMap((row) => [row[x - 1], row[x], row[x + 1]]);
      return value > bound && !near.some((other) => (other ?? NaN) > value + margin);
    });
    assert.deepEqual(found, expected);
  });
});

test('scanForwards lets water flow to the right and downwards', () => {
  onRows((width, random) => {
    const values = randomRow(width, random);
    const markers = randomMarkers(width, random);
    const [, above] = randomLevels(width, random);
    const bound = orderedKey(0);
    const found = withRows({ count: 6, width }, ({ kernels, row }) => {
      const [heights, levels] = [row('lowest'), row('lowest')];
      kernels.scanForwards(
        filled(row('not a number'), values).address,
        filled(row('zero'), markers).address,
        filled(row('lowest'), above).address,
        width,
        bound,
        heights.address,
        levels.address,
      );
      return [heights.int32.slice(), levels.int32.slice()];
    });
    const heights = keysOf(values).map((key, x) => ((values[x] ?? NaN) > 0 ? key : LOWEST));
    const levels = new Int32Array(width);
    for (let x = 0; x < width; x++) {
      const incoming = Math.max(at(above, x), at(levels, x - 1));
      levels[x] = at(markers, x) > 0 ? at(heights, x) : Math.min(at(heights, x), incoming);
    }
    assert.deepEqual(found, [heights, levels]);
  });
});

test('scanBackwards lets water flow to the left and upwards, and lists where it can flow on', () => {
  onRows((width, random) => {
    const [heights, levels] = randomLevels(width, random);
    const [belowHeights, belowLevels] = randomLevels(width, random);
    const found = withRows({ count: 6, width }, ({ kernels, row }) => {
      const rows = [heights, levels, belowHeights, belowLevels].map((values) =>
        filled(row('lowest'), values),
      );
      const [first = 0, second = 0, third = 0, fourth = 0] = rows.map(({ address }) => address);
      const places = row('zero');
      const count = kernels.scanBackwards(first, second, third, fourth, width, places.address);
      return [rows[1]?.int32.slice(), [...places.int32.subarray(0, count)]];
    });
    const settled = levels.slice();
    for (let x = width - 1; x >= 0; x--) {
      const incoming = Math.max(at(belowLevels, x), at(settled, x + 1));
      settled[x] = Math.max(at(levels, x), Math.min(at(heights, x), incoming));
    }
    const flows = (x: number, level: number, height: number): boolean =>
      level < at(settled, x) && level < height;
    const open = [...settled.keys()].filter(
      (x) =>
        flows(x, at(settled, x + 1), at(heights, x + 1)) ||
        flows(x, at(belowLevels, x), at(belowHeights, x)),
    );
    assert.deepEqual(found, [settled, open]);
  });
});

test('linkRow links to the highest neighbour, and lists what has none or several', () => {
  onRows((width, random) => {
    const [[, above], [, levels], [, below]] = [0, 1, 2].map(() => randomLevels(width, random));
    assert.ok(above !== undefined && levels !== undefined && below !== undefined);
    const markers = randomMarkers(width, random);
    const found = withRows({ count: 8, width: width + 2 }, ({ kernels, rowOf }) => {
      const [top = 0, middle = 0, bottom = 0] = [above, levels, below].map(
        (values) => filled(rowOf(width, 'lowest'), values).address,
      );
      const labels = filled(rowOf(width, 'zero'), markers).address;
      const [links, pooled] = [rowOf(width, 'zero'), rowOf(width, 'zero')];
      const [contested, counts] = [rowOf(width, 'zero'), rowOf(2, 'zero')];
      const places = [pooled.address, contested.address, counts.address] as const;
      const { address } = links;
      kernels.linkRow(top, middle, bottom, labels, width, 1000, 200, address, ...places);
      const [pools, contests] = counts.int32;
      return [
        links.int32.slice(),
        [...pooled.int32.subarray(0, pools)],
        [...contested.int32.subarray(0, contests)],
      ];
    });
    const expected: [Int32Array, number[], number[]] = [new Int32Array(width), [], []];
    for (let x = 0; x < width; x++) {
      const level = at(levels, x);
      if (level === LOWEST) continue;
      const sources = [
        [at(above, x), -200],
        [at(levels, x - 1), -1],
        [at(levels, x + 1), 1],
        [at(below, x), 200],
      ] as const;
      const best = Math.max(...sources.map(([other]) => other));
      const highest = sources.filter(([other]) => other === best);
      if (at(markers, x) > 0) expected[0][x] = at(markers, x);
      else expected[0][x] = best > level ? ~(1000 + x + (highest[0]?.[1] ?? 0)) : UNLINKED;
      if (at(markers, x) > 0) continue;
      if (best <= level) expected[1].push(x);
      else if (highest.length > 1) expected[2].push(x);
    }
    assert.deepEqual(found, expected);
  });
});

test('findCorners lists squares that are neither uniform nor halved', () => {
  onRows((width, random) => {
    const [above = [], below = []] = [0, 1].map(() =>
      Array.from({ length: width }, () => Math.floor(random() * 3)),
    );
    const found = withRows({ count: 3, width: width + 1 }, ({ kernels, row, rowOf }) => {
      const [first = 0, second = 0] = [above, below].map(
        (labels) => filled(rowOf(width, 'zero'), Int32Array.from(labels)).address,
      );
      const places = row('zero');
      const count = kernels.findCorners(first, second, width, places.address);
      return [...places.int32.subarray(0, count)];
    });
    const expected = Array.from({ length: width + 1 }, (_, x) => x).filter((x) => {
      const a = above[x - 1] ?? 0;
      const b = above[x] ?? 0;
      const c = below[x - 1] ?? 0;
      const d = below[x] ?? 0;
      return !((a === b && c === d) || (a === c && b === d));
    });
    assert.deepEqual(found, expected);
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
