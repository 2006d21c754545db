/*
 * Kernels on rows of pixels, four pixels at a time, in AssemblyScript; `npm run build:wasm` compiles
 * them. Rows are given by their addresses in the memory of the module, lengths in pixels. Rows may be
 * read and written up to four pixels beyond both ends; what stands there is said where it matters.
 */

/** See src/imaging/ordered-bits.ts. */
const LOWEST = i32.MIN_VALUE;
const HIGHEST = i32.MAX_VALUE;
const INFINITE: i32 = 0x7f800000;

/** A pixel whose link is not known yet: see src/imaging/flow-links.ts. */
const UNLINKED = i32.MIN_VALUE;

// ---------------------------------------------------------------------------------------- Gaussian

/**
 * Weighted sums over several rows of float32: the centre, then pairs of taps, the farthest first.
 * `taps` lists the addresses of the centre and of both rows of each pair, `weights` the float64
 * weights from the centre outwards. Sums are in float64, results in float32.
 */
export function sumTaps(taps: usize, weights: usize, radius: i32, width: i32, output: usize): void {
  const centre = <usize>load<u32>(taps);
  const centreWeight = v128.load64_splat(weights);
  const end = (<usize>width) << 2;
  for (let x: usize = 0; x < end; x += 16) {
    const middle = v128.load(centre + x);
    let low = f64x2.mul(lowHalf(middle), centreWeight);
    let high = f64x2.mul(highHalf(middle), centreWeight);
    let tap = taps + 4;
    for (let distance = radius; distance > 0; distance--, tap += 8) {
      const weight = v128.load64_splat(weights + ((<usize>distance) << 3));
      const first = v128.load(<usize>load<u32>(tap) + x);
      const second = v128.load(<usize>load<u32>(tap, 4) + x);
      const lowPair = f64x2.add(lowHalf(first), lowHalf(second));
      const highPair = f64x2.add(highHalf(first), highHalf(second));
      low = f64x2.add(low, f64x2.mul(lowPair, weight));
      high = f64x2.add(high, f64x2.mul(highPair, weight));
    }
    const lowResult = f32x4.demote_f64x2_zero(low);
    const highResult = f32x4.demote_f64x2_zero(high);
    v128.store(output + x, i64x2.shuffle(lowResult, highResult, 0, 2));
  }
}

function lowHalf(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

function highHalf(four: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 1));
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

// ------------------------------------------------------------------------------------ local maxima

/**
 * Lists the places in a row of float32 that are above `bound`, and that none of their eight neighbours
 * exceeds by more than `margin`. Returns how many there are. What stands before and behind the rows is
 * their neighbour too.
 */
export function findSummits(
  above: usize,
  row: usize,
  below: usize,
  width: i32,
  bound: f32,
  margin: f32,
  places: usize,
): i32 {
  const bounds = f32x4.splat(bound);
  const margins = f32x4.splat(margin);
  let next = places;
  for (let x = 0; x < width; x += 4) {
    const at = (<usize>x) << 2;
    const values = v128.load(row + at);
    const limits = f32x4.add(values, margins);
    let higher = f32x4.gt(v128.load(row + at - 4), limits);
    higher = v128.or(higher, f32x4.gt(v128.load(row + at + 4), limits));
    higher = v128.or(higher, anyHigher(above + at, limits));
    higher = v128.or(higher, anyHigher(below + at, limits));
    const found = v128.andnot(f32x4.gt(values, bounds), higher);
    next = listLanes(found, x, width, next);
  }
  return (<i32>(next - places)) >> 2;
}

function anyHigher(row: usize, limits: v128): v128 {
  const beside = v128.or(
    f32x4.gt(v128.load(row - 4), limits),
    f32x4.gt(v128.load(row + 4), limits),
  );
  return v128.or(beside, f32x4.gt(v128.load(row), limits));
}

/** Appends x + n for every lane n that is set, if that is less than `width`; returns the new end. */
function listLanes(lanes: v128, x: i32, width: i32, end: usize): usize {
  let bits = i32x4.bitmask(lanes);
  while (bits !== 0) {
    const place = x + ctz(bits);
    bits &= bits - 1;
    if (place >= width) break;
    store<i32>(end, place);
    end += 4;
  }
  return end;
}

// ---------------------------------------------------------------------------------- flooded surface

/*
 * Water that comes from the pixel before with level r leaves a pixel at max(t, min(h, r)): not above its
 * height h, not below the level t that it has from elsewhere. Two such steps are one with other bounds,
 * so four pixels take two rounds of joining neighbours instead of four steps.
 */

/**
 * A row of the scan to the right and downwards. Writes the heights, ordered keys of the plane or LOWEST
 * where that is not above `bound`, and the levels.
 */
export function scanForwards(
  plane: usize,
  markers: usize,
  above: usize,
  width: i32,
  bound: i32,
  heights: usize,
  levels: usize,
): void {
  const bounds = i32x4.splat(bound);
  const infinite = i32x4.splat(INFINITE);
  const lowest = i32x4.splat(LOWEST);
  const highest = i32x4.splat(HIGHEST);
  const end = (<usize>width) << 2;
  let before = lowest;
  for (let x: usize = 0; x < end; x += 16) {
    const keys = orderedKeys(v128.load(plane + x));
    const inside = v128.andnot(i32x4.gt_s(keys, bounds), i32x4.gt_s(keys, infinite));
    let h = v128.bitselect(keys, lowest, inside);
    v128.store(heights + x, h);
    const isMarker = i32x4.gt_s(v128.load(markers + x), i32x4.splat(0));
    let t = v128.bitselect(h, i32x4.min_s(h, v128.load(above + x)), isMarker);
    let earlierT = i32x4.shuffle(lowest, t, 0, 4, 5, 6);
    let earlierH = i32x4.shuffle(highest, h, 0, 4, 5, 6);
    earlierT = i32x4.max_s(t, i32x4.min_s(h, earlierT));
    h = i32x4.max_s(t, i32x4.min_s(h, earlierH));
    t = earlierT;
    earlierT = i32x4.shuffle(lowest, t, 0, 1, 4, 5);
    earlierH = i32x4.shuffle(highest, h, 0, 1, 4, 5);
    earlierT = i32x4.max_s(t, i32x4.min_s(h, earlierT));
    h = i32x4.max_s(t, i32x4.min_s(h, earlierH));
    const result = i32x4.max_s(earlierT, i32x4.min_s(h, before));
    v128.store(levels + x, result);
    before = i32x4.shuffle(result, result, 3, 3, 3, 3);
  }
}

/**
 * A row of the scan to the left and upwards. Changes the levels, and lists the places from which water can still flow to
 * the right or downwards; returns how many there are. Before and behind the row, heights and levels are LOWEST.
 */
export function scanBackwards(
  heights: usize,
  levels: usize,
  belowHeights: usize,
  belowLevels: usize,
  width: i32,
  places: usize,
): i32 {
  const lowest = i32x4.splat(LOWEST);
  const highest = i32x4.splat(HIGHEST);
  let before = lowest;
  for (let x = (width - 1) & ~3; x >= 0; x -= 4) {
    const at = (<usize>x) << 2;
    let h = v128.load(heights + at);
    const below = i32x4.min_s(h, v128.load(belowLevels + at));
    let t = i32x4.max_s(v128.load(levels + at), below);
    let laterT = i32x4.shuffle(t, lowest, 1, 2, 3, 4);
    let laterH = i32x4.shuffle(h, highest, 1, 2, 3, 4);
    laterT = i32x4.max_s(t, i32x4.min_s(h, laterT));
    h = i32x4.max_s(t, i32x4.min_s(h, laterH));
    t = laterT;
    laterT = i32x4.shuffle(t, lowest, 2, 3, 4, 4);
    laterH = i32x4.shuffle(h, highest, 2, 3, 4, 4);
    laterT = i32x4.max_s(t, i32x4.min_s(h, laterT));
    h = i32x4.max_s(t, i32x4.min_s(h, laterH));
    const result = i32x4.max_s(laterT, i32x4.min_s(h, before));
    v128.store(levels + at, result);
    before = i32x4.shuffle(result, result, 0, 0, 0, 0);
  }
  let next = places;
  for (let x = 0; x < width; x += 4) {
    const at = (<usize>x) << 2;
    const level = v128.load(levels + at);
    const right = flows(level, v128.load(levels + at + 4), v128.load(heights + at + 4));
    const down = flows(level, v128.load(belowLevels + at), v128.load(belowHeights + at));
    next = listLanes(v128.or(right, down), x, width, next);
  }
  return (<i32>(next - places)) >> 2;
}

/** Whether water flows from a pixel to a neighbour: it stands lower, and below its height. */
function flows(level: v128, otherLevel: v128, otherHeight: v128): v128 {
  return v128.and(i32x4.lt_s(otherLevel, level), i32x4.lt_s(otherLevel, otherHeight));
}

/**
 * Links the pixels of a row to their highest neighbours: `links` receives the labels of markers, the
 * complements of indices, UNLINKED where no neighbour is higher, 0 where there is no water. Lists the
 * places of the unlinked in `pooled`, and those with several highest neighbours in `contested`; `counts`
 * receives both numbers. Before and behind the row, levels are LOWEST.
 *
 * @param first Index of the first pixel; the one below it has the index `first + stride`.
 */
export function linkRow(
  above: usize,
  levels: usize,
  below: usize,
  markers: usize,
  width: i32,
  first: i32,
  stride: i32,
  links: usize,
  pooled: usize,
  contested: usize,
  counts: usize,
): void {
  const lowest = i32x4.splat(LOWEST);
  let nextPooled = pooled;
  let nextContested = contested;
  let indices = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (let x = 0; x < width; x += 4) {
    const at = (<usize>x) << 2;
    const level = v128.load(levels + at);
    const isWet = i32x4.ne(level, lowest);
    const marker = i32x4.max_s(v128.load(markers + at), i32x4.splat(0));
    const isMarker = i32x4.gt_s(marker, i32x4.splat(0));
    const up = v128.load(above + at);
    const left = v128.load(levels + at - 4);
    const right = v128.load(levels + at + 4);
    const down = v128.load(below + at);
    const best = i32x4.max_s(i32x4.max_s(up, down), i32x4.max_s(left, right));
    const isUp = i32x4.eq(up, best);
    const isLeft = i32x4.eq(left, best);
    const isRight = i32x4.eq(right, best);
    const isDown = i32x4.eq(down, best);
    let step = v128.bitselect(i32x4.splat(1), i32x4.splat(stride), isRight);
    step = v128.bitselect(i32x4.splat(-1), step, isLeft);
    step = v128.bitselect(i32x4.splat(-stride), step, isUp);
    const isFree = v128.andnot(isWet, isMarker);
    const isPooled = v128.and(isFree, i32x4.le_s(best, level));
    let link = v128.not(i32x4.add(indices, step));
    link = v128.bitselect(i32x4.splat(UNLINKED), link, isPooled);
    v128.store(links + at, v128.bitselect(link, v128.and(marker, isWet), isFree));
    // Lanes that are set count as -1.
    const count = i32x4.add(i32x4.add(isUp, isLeft), i32x4.add(isRight, isDown));
    const isContested = v128.and(v128.andnot(isFree, isPooled), i32x4.lt_s(count, i32x4.splat(-1)));
    nextPooled = listLanes(isPooled, x, width, nextPooled);
    nextContested = listLanes(isContested, x, width, nextContested);
    indices = i32x4.add(indices, i32x4.splat(4));
  }
  store<i32>(counts, (<i32>(nextPooled - pooled)) >> 2);
  store<i32>(counts, (<i32>(nextContested - contested)) >> 2, 4);
}

// ------------------------------------------------------------------------------------------ labels

/**
 * Lists the places x in 0..width for which the square of the pixels x - 1 and x of two rows is neither
 * uniform nor halved by a straight edge. Returns how many there are. What stands before and behind the
 * rows belongs to the squares at their ends.
 */
export function findCorners(above: usize, below: usize, width: i32, places: usize): i32 {
  let next = places;
  for (let x = 0; x <= width; x += 4) {
    const at = (<usize>x) << 2;
    const a = v128.load(above + at - 4);
    const b = v128.load(above + at);
    const c = v128.load(below + at - 4);
    const d = v128.load(below + at);
    const isLevel = v128.and(i32x4.eq(a, b), i32x4.eq(c, d));
    const isUpright = v128.and(i32x4.eq(a, c), i32x4.eq(b, d));
    const isCorner = v128.not(v128.or(isLevel, isUpright));
    next = listLanes(isCorner, x, width + 1, next);
  }
  return (<i32>(next - places)) >> 2;
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
  least = f32x4.min(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  greatest = f32x4.max(greatest, i32x4.shuffle(greatest, greatest, 2, 3, 0, 1));
  least = f32x4.min(least, i32x4.shuffle(least, least, 1, 0, 3, 2));
  greatest = f32x4.max(greatest, i32x4.shuffle(greatest, greatest, 1, 0, 3, 2));
  store<f32>(extent, f32x4.extract_lane(least, 0));
  store<f32>(extent, f32x4.extract_lane(greatest, 0), 4);
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
