import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileWasm, WASM_MODULES } from '../../../scripts/compile-wasm.ts';
import { HIGHEST, LOWEST, orderedKey } from '../../../src/imaging/ordered-bits.ts';
import {
  type Row,
  type RowArena,
  rowsOf,
  withRows,
} from '../../../src/imaging/wasm/row-kernels.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

const SIZES = [
  [1, 1],
  [1, 9],
  [4, 3],
  [3, 4],
  [5, 13],
  [2, 70],
] as const;
const UNLINKED = -0x80000000;
/** The number of the first pixel of a band. */
const FIRST = 1000;

/** Rows of a plane with one row more on both sides, and pixels that take no part behind each row. */
interface Band {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly random: () => number;
}

/** Runs a comparison on bands of several sizes. */
function onBands(check: (band: Band) => void): void {
  const random = seededRandom(7);
  for (const [rows, columns] of SIZES) {
    const stride = Math.max(columns + 1, 4);
    for (let repeat = 0; repeat < 30; repeat++) check({ rows, columns, stride, random });
  }
}

/** Values for a band and the rows around it; `outside` stands between the rows. */
function draw(
  { rows, columns, stride }: Band,
  outside: number,
  value: (place: number) => number,
): number[] {
  return Array.from({ length: (rows + 2) * stride + 16 }, (_, place) =>
    place % stride < columns && place < (rows + 2) * stride ? value(place) : outside,
  );
}

/** The places of a band in such an array: its pixels, and what stands between them. */
const placesOf = ({ rows, stride }: Band): number[] =>
  Array.from({ length: rows * stride }, (_, place) => stride + place);

/** The four neighbours of a place: above, left, right, below. */
const around = ({ stride }: Band, place: number): number[] =>
  [-stride, -1, 1, stride].map((step) => place + step);

const numberOf = ({ stride }: Band, place: number): number => FIRST + place - stride;

type Arena = RowArena & { readonly lend: (values: readonly number[], kind?: 'float') => Row };

function withValues<Result>(work: (arena: Arena) => Result): Result {
  return withRows(rowsOf(Array.from({ length: 6 }, () => 600)), (arena) =>
    work({
      ...arena,
      lend: (values, kind) => {
        const row = arena.rowOf(600, 'zero');
        (kind === 'float' ? row.float32 : row.int32).set(values);
        return row;
      },
    }),
  );
}

const beyond = ({ address }: Row, { stride }: Band): number => address + 4 * stride;

/** Few different values, so that neighbours are often equal; some are not numbers, some minus zero. */
function randomValue(random: () => number): number {
  const kind = random();
  if (kind < 0.1) return NaN;
  return kind < 0.2 ? -0 : Math.floor(random() * 9) / 4 - 1;
}

/** Heights of the pixels, and levels not above them. */
function randomLevels(band: Band): [number[], number[]] {
  const { random } = band;
  const heights = draw(band, LOWEST, () => (random() < 0.2 ? LOWEST : Math.floor(random() * 6)));
  return [heights, heights.map((height) => (random() < 0.4 ? Math.min(height, 2) : height))];
}

const keyOf = (value: number): number =>
  orderedKey(new Int32Array(Float32Array.of(value).buffer)[0] ?? 0);

test('the compiled kernels are those of the source', async () => {
  const { labelKernels } = WASM_MODULES;
  assert.equal(readFileSync(labelKernels.module, 'utf8'), await compileWasm(labelKernels));
});

test('areBelowInfinity tells infinity and NaN from numbers', () => {
  for (const count of [1, 3, 4, 5, 17]) {
    for (const value of [0, -Infinity, 3e38, Infinity, NaN]) {
      for (let place = 0; place < count; place++) {
        const found = withValues(({ kernels, lend }) => {
          const values = lend(
            Array.from({ length: count }, (_, i) => (i === place ? value : 1)),
            'float',
          );
          return kernels.areBelowInfinity(values.address, count);
        });
        assert.equal(found === 1, value < Infinity, `${value} at ${place} of ${count}`);
      }
    }
  }
});

test('findSummits lists what no neighbour exceeds', () => {
  onBands((band) => {
    const { rows, stride, random } = band;
    const values = draw(band, NaN, () => randomValue(random));
    const [bound, margin] = [-0.25, 0.25];
    const found = withValues(({ kernels, lend }) => {
      const [from, places] = [lend(values, 'float'), lend([])];
      const at = beyond(from, band);
      const count = kernels.findSummits(
        at,
        stride,
        rows * stride,
        FIRST,
        bound,
        margin,
        places.address,
      );
      return [...places.int32.subarray(0, count)];
    });
    const expected = placesOf(band).filter((place) => {
      const near = [-stride, 0, stride].flatMap((down) =>
        [-1, 0, 1].map((step) => place + down + step),
      );
      const value = values[place] ?? NaN;
      return value > bound && !near.some((other) => (values[other] ?? NaN) > value + margin);
    });
    assert.deepEqual(
      found,
      expected.map((place) => numberOf(band, place)),
    );
  });
});

test('squareMaxima finds the greatest number of each four by four pixels', () => {
  onBands(({ rows, stride, random }) => {
    const down = Math.ceil(rows / 4);
    const values = Array.from({ length: 4 * down * stride + 4 }, () => randomValue(random));
    const across = Math.ceil(stride / 4);
    const found = withValues(({ kernels, lend }) => {
      const [from, to] = [lend(values, 'float'), lend([])];
      kernels.squareMaxima(from.address, stride, rows, to.address);
      return [...to.float32.subarray(0, across * down)];
    });
    const expected = Array.from({ length: across * down }, (_, square) => {
      const first = 4 * Math.floor(square / across) * stride + 4 * (square % across);
      const lines = [0, 1, 2, 3].map((line) => first + line * stride);
      const inside = lines.flatMap((line) => values.slice(line, line + 4));
      return Math.max(...inside.filter((value) => !Number.isNaN(value)));
    });
    assert.deepEqual(
      found.map((value) => value + 0),
      expected.map((value) => value + 0),
    );
  });
});

test('scanForwards lets water flow to the right and downwards', () => {
  onBands((band) => {
    const { rows, stride, random } = band;
    const values = draw(band, NaN, () => randomValue(random));
    const levels = draw(band, LOWEST, (place) => {
      if (place < stride) return Math.floor(random() * 2 ** 31);
      return random() < 0.1 ? HIGHEST : LOWEST;
    });
    const found = withValues(({ kernels, lend }) => {
      const [plane, heights, flooded] = [lend(values, 'float'), lend([]), lend(levels)];
      const [from, to, level] = [plane, heights, flooded].map((row) => beyond(row, band)) as [
        number,
        number,
        number,
      ];
      kernels.scanForwards(from, to, level, stride, rows * stride, orderedKey(0));
      const once = placesOf(band).map((place) => [heights.int32[place], flooded.int32[place]]);
      kernels.scanForwards(0, to, level, stride, rows * stride, 0);
      const again = placesOf(band).map((place) => [heights.int32[place], flooded.int32[place]]);
      assert.deepEqual(again, once, 'another scan finds nothing more to do');
      return once;
    });
    const expected = placesOf(band).map((place) => {
      const value = values[place] ?? NaN;
      const height = value > 0 ? keyOf(value) : LOWEST;
      const incoming = Math.max(
        levels[place - stride] ?? 0,
        place > stride ? (levels[place - 1] ?? 0) : LOWEST,
      );
      levels[place] = Math.min(height, Math.max(incoming, levels[place] ?? 0));
      return [height, levels[place]];
    });
    assert.deepEqual(found, expected);
  });
});

test('scanBackwards lets water flow to the left and upwards, and lists where it can flow on', () => {
  onBands((band) => {
    const { rows, stride } = band;
    const [heights, levels] = randomLevels(band);
    // The row behind the band is done: no water flows to the left in it.
    const settle = (place: number): number => {
      const incoming = Math.max(levels[place + 1] ?? 0, levels[place + stride] ?? 0);
      return Math.max(levels[place] ?? 0, Math.min(heights[place] ?? 0, incoming));
    };
    for (let place = (rows + 2) * stride - 1; place >= (rows + 1) * stride; place--)
      levels[place] = settle(place);
    const found = withValues(({ kernels, lend }) => {
      const [height, level, places] = [lend(heights), lend(levels), lend([])];
      const [from, to] = [height, level].map((row) => beyond(row, band)) as [number, number];
      const count = kernels.scanBackwards(from, to, stride, rows * stride, FIRST, places.address);
      return [
        placesOf(band).map((place) => level.int32[place]),
        [...places.int32.subarray(0, count)].sort((a, b) => a - b),
      ];
    });
    for (const place of placesOf(band).toReversed()) levels[place] = settle(place);
    const open = placesOf(band).filter((place) =>
      [place + 1, place + stride].some((other) => {
        const level = levels[other] ?? 0;
        return level < (levels[place] ?? 0) && level < (heights[other] ?? 0);
      }),
    );
    assert.deepEqual(found, [
      placesOf(band).map((place) => levels[place]),
      open.map((place) => numberOf(band, place)),
    ]);
  });
});

test('linkToHighest links to the highest neighbour, and lists what has none or several', () => {
  onBands((band) => {
    const { rows, stride } = band;
    const [, levels] = randomLevels(band);
    const found = withValues(({ kernels, lend }) => {
      const [level, links, pooled, contested, counts] = [
        lend(levels),
        lend([]),
        lend([]),
        lend([]),
        lend([]),
      ];
      const places = [pooled.address, contested.address, counts.address] as const;
      kernels.linkToHighest(
        beyond(level, band),
        stride,
        rows * stride,
        FIRST,
        links.address,
        ...places,
      );
      const [pools, contests] = counts.int32;
      return [
        [...links.int32.subarray(0, rows * stride)],
        [...pooled.int32.subarray(0, pools)],
        [...contested.int32.subarray(0, contests)],
      ];
    });
    const expected: [number[], number[], number[]] = [[], [], []];
    for (const place of placesOf(band)) {
      const level = levels[place] ?? 0;
      const others = around(band, place);
      const best = Math.max(...others.map((other) => levels[other] ?? 0));
      const highest = others.filter((other) => levels[other] === best);
      const number = numberOf(band, place);
      if (level === LOWEST) expected[0].push(0);
      else expected[0].push(best > level ? ~numberOf(band, highest[0] ?? 0) : UNLINKED);
      if (level !== LOWEST && best <= level) expected[1].push(number);
      else if (level !== LOWEST && highest.length > 1) expected[2].push(number);
    }
    assert.deepEqual(found, expected);
  });
});

/** Links of pixels to neighbours of a higher rank, and labels for the others. */
function randomLinks(band: Band): number[] {
  const { stride, random } = band;
  const ranks = draw(band, -1, () => random());
  return draw(band, 0, (place) => {
    if (random() < 0.1) return Math.floor(random() * 9);
    const higher = around(band, place).filter(
      (other) => (ranks[other] ?? -1) > (ranks[place] ?? 0),
    );
    const chosen = higher[Math.floor(random() * higher.length)];
    return chosen === undefined ? 1 + (place % stride) : ~numberOf(band, chosen);
  });
}

/** The label at the end of the links from a place; undefined if one of them does not lead to an allowed neighbour. */
function labelAt(
  band: Band,
  links: readonly number[],
  place: number,
  allowed: readonly number[],
): number | undefined {
  let at = place;
  for (let link = links[at] ?? 0; ; link = links[at] ?? 0) {
    if (link >= 0) return link;
    const next = ~link - FIRST + band.stride;
    if (!allowed.includes(next - at)) return undefined;
    at = next;
  }
}

test('followForwards hands labels on to the right, to the left and downwards, and no others', () => {
  onBands((band) => {
    const { rows, stride } = band;
    const links = randomLinks(band);
    const allowed = [-stride, -1, 1];
    // The row before the band is done, but for what comes from above it.
    for (let place = 0; place < stride; place++) links[place] = Math.max(links[place] ?? 0, -1);
    const found = withValues(({ kernels, lend }) => {
      const row = lend(links);
      kernels.followForwards(beyond(row, band), stride, rows, FIRST);
      return placesOf(band).map((place) => row.int32[place]);
    });
    assert.deepEqual(
      found,
      placesOf(band).map((place) => labelAt(band, links, place, allowed) ?? links[place]),
    );
  });
});

test('followBackwards hands labels on upwards and along rows, and lists what has none', () => {
  onBands((band) => {
    const { rows, stride } = band;
    const links = randomLinks(band);
    for (let place = (rows + 1) * stride; place < links.length; place++) {
      links[place] = place < (rows + 2) * stride ? Math.max(links[place] ?? 0, -1) : -1;
    }
    const found = withValues(({ kernels, lend }) => {
      const [row, places] = [lend(links), lend([])];
      const count = kernels.followBackwards(beyond(row, band), stride, rows, FIRST, places.address);
      return [
        placesOf(band).map((place) => row.int32[place]),
        [...places.int32.subarray(0, count)].sort((a, b) => a - b),
      ];
    });
    const labels = placesOf(band).map(
      (place) => labelAt(band, links, place, [stride, -1, 1]) ?? links[place] ?? 0,
    );
    const unknown = placesOf(band).filter((_, index) => (labels[index] ?? 0) < 0);
    assert.deepEqual(found, [labels, unknown.map((place) => numberOf(band, place))]);
  });
});

test('findRunEnds lists where labels change, and the end of the row', () => {
  const random = seededRandom(5);
  for (let width = 1; width < 80; width++) {
    const labels = Array.from({ length: width }, () => Math.floor(random() ** 3 * 3));
    const found = withValues(({ kernels, lend }) => {
      const [row, ends] = [lend(labels), lend([])];
      const count = kernels.findRunEnds(row.address, width, ends.address);
      return [...ends.int32.subarray(0, count)];
    });
    const changes = labels.keys().filter((x) => x > 0 && labels[x] !== labels[x - 1]);
    assert.deepEqual(found, [...changes, width]);
  }
});
