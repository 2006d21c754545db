/*
 * Kernels on rows of pixels, four pixels at a time, in AssemblyScript; `npm run build:wasm` compiles
 * them. Rows are given by their addresses in the memory of the module, lengths in pixels. Rows may be
 * read and written up to four pixels beyond both ends; what stands there is said where it matters.
 */

const HIGHEST = i32.MAX_VALUE;

// ---------------------------------------------------------------------------------------- Gaussian

/*
 * Sums are in float64, four pixels in two halves; values are turned into float64 once, not for each of the
 * sums that they are in. Rows of float64 are read and written up to four pixels beyond their ends.
 */

/** Turns a row of float32 into float64. */
export function widenRow(row: usize, width: i32, output: usize): void {
  const end = row + ((<usize>width) << 2);
  let to = output;
  for (let from = row; from < end; from += 16, to += 32) {
    const values = v128.load(from);
    v128.store(to, lowHalf(values));
    v128.store(to, highHalf(values), 16);
  }
}

function lowHalf(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

function highHalf(four: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 1));
}

/**
 * Weighted sums over several rows of float64: the centre, then pairs of taps, the farthest first. `taps` lists the
 * addresses of the centre and of both rows of each pair, `weights` the float64 weights from the centre outwards.
 * Results are rounded to float32: `asFloat64` is 0 if they are to be stored as such, and 1 if in the width of
 * the taps.
 */
export function sumTaps(
  taps: usize,
  weights: usize,
  radius: i32,
  width: i32,
  output: usize,
  asFloat64: i32,
): void {
  const centre = <usize>load<u32>(taps);
  const centreWeight = v128.load64_splat(weights);
  const end = (<usize>width) << 3;
  for (let x: usize = 0; x < end; x += 32) {
    let low = f64x2.mul(v128.load(centre + x), centreWeight);
    let high = f64x2.mul(v128.load(centre + x, 16), centreWeight);
    let tap = taps + 4;
    for (let weight = weights + ((<usize>radius) << 3); weight > weights; weight -= 8, tap += 8) {
      const factor = v128.load64_splat(weight);
      const first = <usize>load<u32>(tap) + x;
      const second = <usize>load<u32>(tap, 4) + x;
      const lowPair = f64x2.add(v128.load(first), v128.load(second));
      const highPair = f64x2.add(v128.load(first, 16), v128.load(second, 16));
      low = f64x2.add(low, f64x2.mul(lowPair, factor));
      high = f64x2.add(high, f64x2.mul(highPair, factor));
    }
    low = f32x4.demote_f64x2_zero(low);
    high = f32x4.demote_f64x2_zero(high);
    if (asFloat64) {
      v128.store(output + x, lowHalf(low));
      v128.store(output + x, lowHalf(high), 16);
    } else {
      v128.store(output + (x >> 1), i64x2.shuffle(low, high, 0, 2));
    }
  }
}

// ------------------------------------------------------------------------------------------ extent

/**
 * Widens the least keys of every fourth value, four at `extent`, and the greatest, four behind them, by those
 * of a row of float32. All values up to a multiple of four count.
 */
export function widenExtent(row: usize, width: i32, extent: usize): void {
  let least = v128.load(extent);
  let greatest = v128.load(extent, 16);
  const end = (<usize>width) << 2;
  for (let x: usize = 0; x < end; x += 16) {
    const keys = orderedKeys(v128.load(row + x));
    least = i32x4.min_s(least, keys);
    greatest = i32x4.max_s(greatest, keys);
  }
  v128.store(extent, least);
  v128.store(extent, greatest, 16);
}

/** Integers in the order of float32 values. Adding zero makes minus zero a zero. */
function orderedKeys(values: v128): v128 {
  const bits = f32x4.add(values, f32x4.splat(0));
  const flip = v128.and(i32x4.shr_s(bits, 31), i32x4.splat(HIGHEST));
  return v128.xor(bits, flip);
}

// ------------------------------------------------------------------------------------- grey levels

/**
 * Looks up the bin of each pixel of a row of float32 whole numbers: the table begins with that of
 * `least`, and its last entry, number `last`, is that of all greater ones. Returns 0 if a pixel is no
 * whole number; the bins mean nothing then. Behind the row stand whole numbers.
 */
export function lookUpBins(
  values: usize,
  width: i32,
  least: i32,
  last: i32,
  table: usize,
  bins: usize,
): i32 {
  const lowest = i32x4.splat(least);
  const highest = i32x4.splat(least + last);
  let areWhole = i32x4.splat(-1);
  for (let x = 0; x < width; x += 4) {
    const value = v128.load(values + ((<usize>x) << 2));
    const whole = i32x4.trunc_sat_f32x4_s(value);
    areWhole = v128.and(areWhole, f32x4.eq(f32x4.convert_i32x4_s(whole), value));
    const place = i32x4.sub(i32x4.max_s(i32x4.min_s(whole, highest), lowest), lowest);
    const at = bins + <usize>x;
    store<u8>(at, load<u8>(table + <usize>i32x4.extract_lane(place, 0)));
    store<u8>(at, load<u8>(table + <usize>i32x4.extract_lane(place, 1)), 1);
    store<u8>(at, load<u8>(table + <usize>i32x4.extract_lane(place, 2)), 2);
    store<u8>(at, load<u8>(table + <usize>i32x4.extract_lane(place, 3)), 3);
  }
  return i32(i32x4.all_true(areWhole));
}

/**
 * Blends the grey levels of some pixels of a row from those that four regions give their bins: sums in
 * float32 of products in float64, cut off to whole numbers of two bytes. `corners` holds four levels for
 * each bin, `across` two float64 weights for each pixel, `upper` and `lower` are those of the row.
 * Widens the range of the levels, as they were before, at `extent`.
 */
export function blendLevels(
  bins: usize,
  corners: usize,
  across: usize,
  upper: f64,
  lower: f64,
  width: i32,
  levels: usize,
  extent: usize,
): void {
  const above = f64x2.splat(upper);
  const below = f64x2.splat(lower);
  let least = v128.load32_splat(extent);
  let greatest = v128.load32_splat(extent, 4);
  const end = bins + <usize>width;
  let bin = bins;
  let weights = across;
  let to = levels;
  for (; bin + 4 <= end; bin += 4, weights += 64, to += 8) {
    const a = cornerProducts(bin, corners, weights, above, below);
    const b = cornerProducts(bin + 1, corners, weights + 16, above, below);
    const c = cornerProducts(bin + 2, corners, weights + 32, above, below);
    const d = cornerProducts(bin + 3, corners, weights + 48, above, below);
    const firstTwo = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const lastTwo = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const otherFirst = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const otherLast = i32x4.shuffle(c, d, 2, 6, 3, 7);
    let level = i64x2.shuffle(firstTwo, otherFirst, 0, 2);
    level = f32x4.add(level, i64x2.shuffle(firstTwo, otherFirst, 1, 3));
    level = f32x4.add(level, i64x2.shuffle(lastTwo, otherLast, 0, 2));
    level = f32x4.add(level, i64x2.shuffle(lastTwo, otherLast, 1, 3));
    least = f32x4.min(least, level);
    greatest = f32x4.max(greatest, level);
    const whole = i32x4.trunc_sat_f32x4_u(level);
    v128.store64_lane(to, i16x8.narrow_i32x4_u(whole, whole), 0);
  }
  for (; bin < end; bin++, weights += 16, to += 2) {
    const product = cornerProducts(bin, corners, weights, above, below);
    let level = f32x4.extract_lane(product, 0) + f32x4.extract_lane(product, 1);
    level = level + f32x4.extract_lane(product, 2);
    level = level + f32x4.extract_lane(product, 3);
    least = f32x4.min(least, f32x4.splat(level));
    greatest = f32x4.max(greatest, f32x4.splat(level));
    store<u16>(to, <u16>level);
  }
  storeExtent(least, greatest, extent);
}

/** The levels of the four regions for the bin of a pixel, each by its weight, in float32. */
function cornerProducts(
  bin: usize,
  corners: usize,
  weights: usize,
  above: v128,
  below: v128,
): v128 {
  const levels = v128.load(corners + ((<usize>load<u8>(bin)) << 4));
  const pair = v128.load(weights);
  const upper = f64x2.mul(lowHalf(levels), f64x2.mul(pair, above));
  const lower = f64x2.mul(highHalf(levels), f64x2.mul(pair, below));
  return i64x2.shuffle(f32x4.demote_f64x2_zero(upper), f32x4.demote_f64x2_zero(lower), 0, 2);
}

// ------------------------------------------------------------------------------------ whole values

/** Bytes of a list with a count for each number of 16 bits. */
const COUNTS: usize = 4 << 16;

/**
 * Writes float32 whole numbers from 0 to 65535, `step` values apart, as 16 bits, and counts each of them in
 * one of two lists, which stand side by side: equal neighbours would wait for each other's count in one.
 * Returns 0 if a value is none; the numbers mean nothing then, and the counts neither.
 */
export function readWhole(
  values: usize,
  step: usize,
  width: i32,
  wholes: usize,
  counts: usize,
): i32 {
  const one = step << 2;
  const others = counts + COUNTS;
  let areWhole = i32x4.splat(-1);
  let from = values;
  let to = wholes;
  const end = wholes + ((<usize>(width & ~3)) << 1);
  for (; to < end; to += 8, from += one << 2) {
    const value = fourOf(from, one);
    const whole = wholeOf(value);
    areWhole = v128.and(areWhole, isWhole(whole, value));
    v128.store64_lane(to, i16x8.narrow_i32x4_u(whole, whole), 0);
    countOne(counts, i32x4.extract_lane(whole, 0));
    countOne(others, i32x4.extract_lane(whole, 1));
    countOne(counts, i32x4.extract_lane(whole, 2));
    countOne(others, i32x4.extract_lane(whole, 3));
  }
  for (let left = width & 3; left > 0; left--, to += 2, from += one) {
    const value = v128.load32_splat(from);
    const whole = wholeOf(value);
    areWhole = v128.and(areWhole, isWhole(whole, value));
    store<u16>(to, <u16>i32x4.extract_lane(whole, 0));
    countOne(counts, i32x4.extract_lane(whole, 0));
  }
  return i32(i32x4.all_true(areWhole));
}

/** The whole numbers nearest to 0; those that 16 bits cannot hold become 65535. */
function wholeOf(values: v128): v128 {
  return i32x4.min_u(i32x4.trunc_sat_f32x4_u(values), i32x4.splat(0xffff));
}

function isWhole(whole: v128, value: v128): v128 {
  return f32x4.eq(f32x4.convert_i32x4_s(whole), value);
}

function countOne(counts: usize, value: i32): void {
  const at = counts + ((<usize>value) << 2);
  store<i32>(at, load<i32>(at) + 1);
}

/** Looks up the bins of numbers of 16 bits in a table that has one for each of them. */
export function binWhole(wholes: usize, width: i32, table: usize, bins: usize): void {
  for (let x = 0; x < width; x += 4) {
    const four = load<u64>(wholes + ((<usize>x) << 1));
    let found = <u32>load<u8>(table + <usize>(four & 0xffff));
    found |= (<u32>load<u8>(table + <usize>((four >> 16) & 0xffff))) << 8;
    found |= (<u32>load<u8>(table + <usize>((four >> 32) & 0xffff))) << 16;
    found |= (<u32>load<u8>(table + <usize>(four >> 48))) << 24;
    store<u32>(bins + <usize>x, found);
  }
}

/**
 * Counts the bins of a row for each of its regions, `length` pixels one after the other: into four lists of
 * 256 each, side by side, which take turns.
 */
export function countRegions(bins: usize, length: i32, regions: i32, lists: usize): void {
  let bin = bins;
  let first = lists;
  for (let region = 0; region < regions; region++, first += 4096) {
    const end = bin + <usize>length;
    for (; bin + 4 <= end; bin += 4) {
      const four = load<u32>(bin);
      countOne(first, four & 0xff);
      countOne(first + 1024, (four >> 8) & 0xff);
      countOne(first + 2048, (four >> 16) & 0xff);
      countOne(first + 3072, four >> 24);
    }
    for (; bin < end; bin++) countOne(first, load<u8>(bin));
  }
}

/**
 * As `blendLevels` for all the spans of a row, where all weights are whole numbers of a power of two, so that
 * their products with levels are exact in 32 bits. `spans` holds the pixels of each span and the address of its
 * corners: four levels of two bytes for each bin. `across` holds for four pixels the weights of the regions before
 * them, two bytes each, then of those after them, for as many fours as a span needs, the last weights
 * repeated. `scale` is what a weight of 1 in both directions counts.
 */
export function blendWholeLevels(
  bins: usize,
  spans: usize,
  count: i32,
  across: usize,
  upper: i32,
  lower: i32,
  scale: f32,
  levels: usize,
  extent: usize,
): void {
  const above = i16x8.splat(<i16>upper);
  const below = i16x8.splat(<i16>lower);
  const unit = f32x4.splat(scale);
  let least = v128.load32_splat(extent);
  let greatest = v128.load32_splat(extent, 4);
  let weight = across;
  let bin = bins;
  let to = levels;
  for (let span = spans, end = spans + ((<usize>count) << 3); span < end; span += 8) {
    const corners = <usize>load<u32>(span, 4);
    for (let left = load<i32>(span); left > 0; left -= 4) {
      // What is left of less than four is its last pixel again.
      const last = <usize>min(left - 1, 3);
      let two = v128.load64_zero(cornersOf(bin, corners));
      two = v128.load64_lane(cornersOf(bin + min<usize>(1, last), corners), two, 1);
      let others = v128.load64_zero(cornersOf(bin + min<usize>(2, last), corners));
      others = v128.load64_lane(cornersOf(bin + last, corners), others, 1);
      const even = i16x8.shuffle(two, others, 0, 8, 1, 9, 2, 10, 3, 11);
      const odd = i16x8.shuffle(two, others, 4, 12, 5, 13, 6, 14, 7, 15);
      const firstTwo = i16x8.shuffle(even, odd, 0, 8, 1, 9, 2, 10, 3, 11);
      const lastTwo = i16x8.shuffle(even, odd, 4, 12, 5, 13, 6, 14, 7, 15);
      const weights = v128.load(weight);
      const upperWeights = i16x8.mul(weights, above);
      const lowerWeights = i16x8.mul(weights, below);
      const first = f32x4.convert_i32x4_s(i32x4.extmul_low_i16x8_u(firstTwo, upperWeights));
      const second = f32x4.convert_i32x4_s(i32x4.extmul_high_i16x8_u(firstTwo, upperWeights));
      const third = f32x4.convert_i32x4_s(i32x4.extmul_low_i16x8_u(lastTwo, lowerWeights));
      const fourth = f32x4.convert_i32x4_s(i32x4.extmul_high_i16x8_u(lastTwo, lowerWeights));
      const sum = f32x4.add(f32x4.add(f32x4.add(first, second), third), fourth);
      const level = f32x4.mul(sum, unit);
      least = f32x4.pmin(level, least);
      greatest = f32x4.pmax(level, greatest);
      const whole = i32x4.trunc_sat_f32x4_s(level);
      v128.store64_lane(to, i16x8.narrow_i32x4_u(whole, whole), 0);
      bin += last + 1;
      to += (last + 1) << 1;
      weight += 16;
    }
  }
  storeExtent(least, greatest, extent);
}

function cornersOf(bin: usize, corners: usize): usize {
  return corners + ((<usize>load<u8>(bin)) << 3);
}

/** The least and the greatest of four lanes each. */
function storeExtent(least: v128, greatest: v128, extent: usize): void {
  let low = f32x4.min(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  let high = f32x4.max(greatest, i32x4.shuffle(greatest, greatest, 2, 3, 0, 1));
  low = f32x4.min(low, i32x4.shuffle(low, low, 1, 0, 3, 2));
  high = f32x4.max(high, i32x4.shuffle(high, high, 1, 0, 3, 2));
  store<f32>(extent, f32x4.extract_lane(low, 0));
  store<f32>(extent, f32x4.extract_lane(high, 0), 4);
}

/**
 * Stretches levels of two bytes, none below `least`, to float32: how far they are above it, in shares of `range`.
 * Results are written `step` values apart.
 */
export function stretchLevels(
  levels: usize,
  width: i32,
  least: i32,
  range: i32,
  output: usize,
  step: usize,
): void {
  const base = i32x4.splat(least);
  const whole = f32x4.splat(<f32>range);
  const one = step << 2;
  let to = output;
  const end = levels + ((<usize>(width & ~3)) << 1);
  let from = levels;
  for (; from < end; from += 8, to += one << 2) {
    const above = i32x4.sub(v128.load16x4_u(from), base);
    const share = f32x4.div(f32x4.convert_i32x4_s(above), whole);
    putFour(share, to, one);
  }
  for (let left = width & 3; left > 0; left--, from += 2, to += one) {
    store<f32>(to, <f32>(<i32>load<u16>(from) - least) / <f32>range);
  }
}

// ------------------------------------------------------------------------------------------- tiles

/*
 * A line of tiles that lie side by side and overlap: each is `length` pixels long and starts `stride` pixels
 * behind the one before, `tileStep` bytes behind it in memory. Pixels of tiles have `depth` values, of which
 * one is read; pixels of a line have `kept` values, of which one is written.
 */

/**
 * Writes a line of float32 that no other row of tiles shares: each tile by itself, and two blended in float64
 * where they overlap. `ramps` holds the weights of the right one there, then those of the left one.
 */
export function joinTiles(
  tiles: usize,
  tileStep: usize,
  count: i32,
  length: i32,
  stride: i32,
  depth: usize,
  ramps: usize,
  line: usize,
  kept: usize,
): void {
  const overlap = length - stride;
  const apart = depth << 2;
  const between = kept << 2;
  let tile = tiles;
  let to = line;
  for (let index = 0; index < count; index++) {
    const shared = index === 0 ? 0 : overlap;
    const end = index === count - 1 ? length : stride;
    const left = tile - tileStep + <usize>stride * apart;
    blendPixels(left, tile, apart, shared, ramps, to, between);
    const own = <usize>shared;
    copyPixels(tile + own * apart, apart, end - shared, to + own * between, between);
    tile += tileStep;
    to += <usize>stride * between;
  }
}

function blendPixels(
  left: usize,
  right: usize,
  apart: usize,
  width: i32,
  rising: usize,
  line: usize,
  between: usize,
): void {
  const falling = rising + ((<usize>width) << 3);
  const pairs = between === 4 ? width & ~1 : 0;
  let to = line;
  for (let x = 0; x < pairs; x += 2, to += 8) {
    const at = (<usize>x) << 3;
    const from = <usize>x * apart;
    const down = f64x2.mul(pairOf(left + from, apart), v128.load(falling + at));
    const up = f64x2.mul(pairOf(right + from, apart), v128.load(rising + at));
    v128.store64_lane(to, f32x4.demote_f64x2_zero(f64x2.add(down, up)), 0);
  }
  for (let x = pairs; x < width; x++, to += between) {
    const at = (<usize>x) << 3;
    const from = <usize>x * apart;
    const down = <f64>load<f32>(left + from) * load<f64>(falling + at);
    store<f32>(to, <f32>(down + <f64>load<f32>(right + from) * load<f64>(rising + at)));
  }
}

/** Two values, `apart` bytes from each other, as float64. */
function pairOf(values: usize, apart: usize): v128 {
  const pair = v128.load32_lane(values + apart, v128.load32_zero(values), 1);
  return f64x2.promote_low_f32x4(pair);
}

/** Four values, `apart` bytes from each other. */
function fourOf(values: usize, apart: usize): v128 {
  if (apart === 4) return v128.load(values);
  let four = v128.load32_zero(values);
  four = v128.load32_lane(values + apart, four, 1);
  four = v128.load32_lane(values + 2 * apart, four, 2);
  return v128.load32_lane(values + 3 * apart, four, 3);
}

/** Puts four values of four bytes, `apart` bytes from one to the next, at `values`. */
function putFour(four: v128, values: usize, apart: usize): void {
  if (apart === 4) {
    v128.store(values, four);
    return;
  }
  v128.store32_lane(values, four, 0);
  v128.store32_lane(values + apart, four, 1);
  v128.store32_lane(values + 2 * apart, four, 2);
  v128.store32_lane(values + 3 * apart, four, 3);
}

/** Adding 0 makes -0 a 0, as summing from 0 does. */
function copyPixels(values: usize, apart: usize, width: i32, line: usize, between: usize): void {
  const fours = between === 4 ? width & ~3 : 0;
  let from = values;
  let to = line;
  for (let x = 0; x < fours; x += 4, from += apart << 2, to += 16) {
    v128.store(to, f32x4.add(fourOf(from, apart), f32x4.splat(0)));
  }
  for (let x = fours; x < width; x++, from += apart, to += between) {
    store<f32>(to, load<f32>(from) + 0);
  }
}

/**
 * Adds a line, weighted, to sums in float64. `tapers` holds the weights of the pixels of the first tile, of one between
 * others, and of the last one; `weight` is that of the line.
 */
export function addTiles(
  tiles: usize,
  tileStep: usize,
  count: i32,
  length: i32,
  stride: i32,
  depth: usize,
  weight: f64,
  tapers: usize,
  sums: usize,
  kept: usize,
): void {
  const taperStep = (<usize>length) << 3;
  let tile = tiles;
  let to = sums;
  for (let index = 0; index < count; index++) {
    const kind = index === 0 ? 0 : index < count - 1 ? 1 : 2;
    addPixels(tile, depth << 2, length, weight, tapers + <usize>kind * taperStep, to, kept << 3);
    tile += tileStep;
    to += (<usize>stride * kept) << 3;
  }
}

function addPixels(
  values: usize,
  apart: usize,
  width: i32,
  weight: f64,
  weights: usize,
  sums: usize,
  between: usize,
): void {
  const both = f64x2.splat(weight);
  const fours = between === 8 ? width & ~3 : 0;
  let from = values;
  let to = sums;
  let taper = weights;
  for (let x = 0; x < fours; x += 4, from += apart << 2, to += 32, taper += 32) {
    const four = fourOf(from, apart);
    const low = f64x2.mul(lowHalf(four), f64x2.mul(both, v128.load(taper)));
    const high = f64x2.mul(highHalf(four), f64x2.mul(both, v128.load(taper, 16)));
    v128.store(to, f64x2.add(v128.load(to), low));
    v128.store(to, f64x2.add(v128.load(to, 16), high), 16);
  }
  for (let x = fours; x < width; x++, from += apart, to += between, taper += 8) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from) * (weight * load<f64>(taper)));
  }
}

/** Rounds sums to float32. */
export function roundSums(sums: usize, count: i32, line: usize): void {
  for (let x = 0; x < count; x += 2) {
    const pair = v128.load(sums + ((<usize>x) << 3));
    v128.store64_lane(line + ((<usize>x) << 2), f32x4.demote_f64x2_zero(pair), 0);
  }
}

// ---------------------------------------------------------------------------------------- elements

/** Copies elements of four bytes that stand `from` elements apart to places `to` elements apart. */
export function moveElements(
  source: usize,
  from: usize,
  width: i32,
  target: usize,
  to: usize,
): void {
  const apart = from << 2;
  const between = to << 2;
  let at = source;
  let into = target;
  for (let left = width >> 2; left > 0; left--, at += apart << 2, into += between << 2) {
    putFour(fourOf(at, apart), into, between);
  }
  for (let left = width & 3; left > 0; left--, at += apart, into += between) {
    store<u32>(into, load<u32>(at));
  }
}

/** Writes the elements of two rows in turns. */
export function zipElements(first: usize, second: usize, width: i32, target: usize): void {
  const end = (<usize>width) << 2;
  for (let x: usize = 0; x < end; x += 16) {
    const one = v128.load(first + x);
    const other = v128.load(second + x);
    const into = target + (x << 1);
    v128.store(into, i32x4.shuffle(one, other, 0, 4, 1, 5));
    v128.store(into, i32x4.shuffle(one, other, 2, 6, 3, 7), 16);
  }
}

/** Whether all float32 values are finite. Behind them stand up to three more that are. */
export function areFinite(values: usize, width: i32): i32 {
  const exponent = i32x4.splat(0x7f800000);
  let largest = i32x4.splat(0);
  const end = values + ((<usize>width) << 2);
  for (let at = values; at < end; at += 16) {
    largest = i32x4.max_s(largest, v128.and(v128.load(at), exponent));
  }
  return i32(!i32x4.bitmask(i32x4.eq(largest, exponent)));
}
