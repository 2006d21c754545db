/*
 * Kernels on rows of pixels, four pixels at a time, in AssemblyScript; `npm run build:wasm` compiles
 * them. Rows are given by their addresses in the memory of the module, lengths in pixels. Rows may be
 * read and written up to four pixels beyond both ends; what stands there is said where it matters.
 */

const HIGHEST = i32.MAX_VALUE;

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
