/*
 * Kernels on heads and labels, four pixels at a time, in AssemblyScript; `npm run build:wasm` compiles them. They work
 * in the memory of wasm/row-kernels.ts on bands of a plane: rows one behind the other, `stride` pixels from one to the
 * next, at least four, with at least one pixel between them that takes no part (see src/imaging/watershed/surface.ts).
 * So a band is one long row, whose ends need no care. Bands are given by the address of their first pixel, `count` is
 * how many pixels they have, `first` which pixel of the plane that is. Up to 16 pixels behind a band may be read, and
 * up to three written.
 */

/** See src/imaging/ordered-bits.ts. */
const LOWEST = i32.MIN_VALUE;
const HIGHEST = i32.MAX_VALUE;
const INFINITE: i32 = 0x7f800000;

/** A pixel whose link is not known yet: see src/imaging/watershed/flow-links.ts. */
const UNLINKED = i32.MIN_VALUE;

// ------------------------------------------------------------------------------------------- heads

/** Whether all values are less than infinity: neither that nor NaN. Behind them stand up to three more that are. */
export function areBelowInfinity(values: usize, count: i32): i32 {
  const infinity = f32x4.splat(Infinity);
  let areBelow = i32x4.splat(-1);
  const end = values + ((<usize>count) << 2);
  for (let at = values; at < end; at += 16) {
    areBelow = v128.and(areBelow, f32x4.lt(v128.load(at), infinity));
  }
  return i32(i32x4.all_true(areBelow));
}

// ------------------------------------------------------------------------------------ local maxima

/**
 * Lists the pixels of a band of float32 that are above `bound`, and that none of their eight neighbours
 * exceeds by more than `margin`. Returns how many there are. There are rows before and behind the band.
 */
export function findSummits(
  values: usize,
  stride: i32,
  count: i32,
  first: i32,
  bound: f32,
  margin: f32,
  places: usize,
): i32 {
  const bounds = f32x4.splat(bound);
  const margins = f32x4.splat(margin);
  const row = (<usize>stride) << 2;
  let next = places;
  for (let i = 0; i < count; i += 4) {
    const at = values + ((<usize>i) << 2);
    const value = v128.load(at);
    let found = f32x4.gt(value, bounds);
    if (!v128.any_true(found)) continue;
    const limits = f32x4.add(value, margins);
    let higher = f32x4.gt(v128.load(at - 4), limits);
    higher = v128.or(higher, f32x4.gt(v128.load(at + 4), limits));
    higher = v128.or(higher, anyHigher(at - row, limits));
    higher = v128.or(higher, anyHigher(at + row, limits));
    found = v128.andnot(found, higher);
    next = listLanes(found, i, count, first, next);
  }
  return (<i32>(next - places)) >> 2;
}

function anyHigher(at: usize, limits: v128): v128 {
  const beside = v128.or(f32x4.gt(v128.load(at - 4), limits), f32x4.gt(v128.load(at + 4), limits));
  return v128.or(beside, f32x4.gt(v128.load(at), limits));
}

/**
 * The greatest numbers of squares of four by four pixels, -Infinity where there are none. At the end of a row, pixels
 * of the next one count too.
 */
export function squareMaxima(values: usize, stride: i32, rows: i32, maxima: usize): void {
  const row = (<usize>stride) << 2;
  let to = maxima;
  for (let y = 0; y < rows; y += 4) {
    let at = values + <usize>y * row;
    for (let x = 0; x < stride; x += 4, at += 16, to += 4) {
      // Of a number and NaN, pmax gives the first.
      let most = f32x4.pmax(f32x4.splat(-Infinity), v128.load(at));
      most = f32x4.pmax(most, v128.load(at + row));
      most = f32x4.pmax(most, v128.load(at + 2 * row));
      most = f32x4.pmax(most, v128.load(at + 3 * row));
      most = f32x4.pmax(most, i32x4.shuffle(most, most, 2, 3, 2, 3));
      most = f32x4.pmax(most, i32x4.shuffle(most, most, 1, 1, 1, 1));
      store<f32>(to, f32x4.extract_lane(most, 0));
    }
  }
}

/** Appends first + i + n for every lane n that is set, if i + n is less than `count`; returns the new end. */
function listLanes(lanes: v128, i: i32, count: i32, first: i32, end: usize): usize {
  let bits = i32x4.bitmask(lanes);
  while (bits !== 0) {
    const place = i + ctz(bits);
    bits &= bits - 1;
    if (place >= count) break;
    store<i32>(end, first + place);
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
 * Lets water flow to the right and downwards. Writes the levels, and the heights: ordered keys of the plane or LOWEST
 * where that is not above `bound`. Before that, `levels` is HIGHEST where water comes in and LOWEST elsewhere,
 * or what it was after another scan; without a plane, at 0, the heights are there already. The row before
 * the band has its levels.
 */
export function scanForwards(
  plane: usize,
  heights: usize,
  levels: usize,
  stride: i32,
  count: i32,
  bound: i32,
): void {
  const bounds = i32x4.splat(bound);
  const infinite = i32x4.splat(INFINITE);
  const lowest = i32x4.splat(LOWEST);
  const highest = i32x4.splat(HIGHEST);
  const end = (<usize>count) << 2;
  const above = levels - ((<usize>stride) << 2);
  let before = lowest;
  for (let x: usize = 0; x < end; x += 16) {
    let h = v128.load(heights + x);
    if (plane !== 0) {
      const keys = orderedKeys(v128.load(plane + x));
      const inside = v128.andnot(i32x4.gt_s(keys, bounds), i32x4.gt_s(keys, infinite));
      h = v128.bitselect(keys, lowest, inside);
      v128.store(heights + x, h);
    }
    let t = i32x4.min_s(h, i32x4.max_s(v128.load(levels + x), v128.load(above + x)));
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

/** Integers in the order of float32 values. Adding zero makes minus zero a zero. */
function orderedKeys(values: v128): v128 {
  const bits = f32x4.add(values, f32x4.splat(0));
  const flip = v128.and(i32x4.shr_s(bits, 31), i32x4.splat(HIGHEST));
  return v128.xor(bits, flip);
}

/**
 * Lets water flow to the left and upwards. Changes the levels, and lists the pixels from which water can still flow to
 * the right or downwards; returns how many there are. The row behind the band is done.
 */
export function scanBackwards(
  heights: usize,
  levels: usize,
  stride: i32,
  count: i32,
  first: i32,
  places: usize,
): i32 {
  const lowest = i32x4.splat(LOWEST);
  const highest = i32x4.splat(HIGHEST);
  const row = (<usize>stride) << 2;
  let next = places;
  // The last four may reach into the row behind, which has nothing more to take and stays as it is.
  let before = v128.load32_splat(levels + ((<usize>((count + 3) & ~3)) << 2));
  for (let i = (count - 1) & ~3; i >= 0; i -= 4) {
    const at = (<usize>i) << 2;
    const height = v128.load(heights + at);
    const level = v128.load(levels + at);
    const belowLevel = v128.load(levels + at + row);
    let h = height;
    let t = i32x4.max_s(level, i32x4.min_s(h, belowLevel));
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
    const right = flows(result, v128.load(levels + at + 4), v128.load(heights + at + 4));
    const down = flows(result, belowLevel, v128.load(heights + at + row));
    next = listLanes(v128.or(right, down), i, count, first, next);
  }
  return (<i32>(next - places)) >> 2;
}

/** Whether water flows from a pixel to a neighbour: it stands lower, and below its height. */
function flows(level: v128, otherLevel: v128, otherHeight: v128): v128 {
  return v128.and(i32x4.lt_s(otherLevel, level), i32x4.lt_s(otherLevel, otherHeight));
}

// ------------------------------------------------------------------------------------------- links

/**
 * Links pixels to their highest neighbours: `links` receives the complements of indices, UNLINKED where no neighbour
 * is higher, 0 where there is no water. Lists the unlinked in `pooled`, and those with several highest neighbours in
 * `contested`; `counts` receives both numbers. There are rows before and behind the band.
 */
export function linkToHighest(
  levels: usize,
  stride: i32,
  count: i32,
  first: i32,
  links: usize,
  pooled: usize,
  contested: usize,
  counts: usize,
): void {
  const lowest = i32x4.splat(LOWEST);
  const row = (<usize>stride) << 2;
  let nextPooled = pooled;
  let nextContested = contested;
  let indices = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (let i = 0; i < count; i += 4, indices = i32x4.add(indices, i32x4.splat(4))) {
    const at = levels + ((<usize>i) << 2);
    const to = links + ((<usize>i) << 2);
    const level = v128.load(at);
    const isWet = i32x4.ne(level, lowest);
    if (!v128.any_true(isWet)) {
      v128.store(to, i32x4.splat(0));
      continue;
    }
    const up = v128.load(at - row);
    const left = v128.load(at - 4);
    const right = v128.load(at + 4);
    const down = v128.load(at + row);
    const best = i32x4.max_s(i32x4.max_s(up, down), i32x4.max_s(left, right));
    const isUp = i32x4.eq(up, best);
    const isLeft = i32x4.eq(left, best);
    const isRight = i32x4.eq(right, best);
    const isDown = i32x4.eq(down, best);
    let step = v128.bitselect(i32x4.splat(1), i32x4.splat(stride), isRight);
    step = v128.bitselect(i32x4.splat(-1), step, isLeft);
    step = v128.bitselect(i32x4.splat(-stride), step, isUp);
    const isPooled = v128.and(isWet, i32x4.le_s(best, level));
    let link = v128.not(i32x4.add(indices, step));
    link = v128.bitselect(i32x4.splat(UNLINKED), link, isPooled);
    v128.store(to, v128.and(link, isWet));
    // Lanes that are set count as -1.
    const choices = i32x4.add(i32x4.add(isUp, isLeft), i32x4.add(isRight, isDown));
    const isContested = v128.andnot(
      v128.and(isWet, i32x4.lt_s(choices, i32x4.splat(-1))),
      isPooled,
    );
    nextPooled = listLanes(isPooled, i, count, first, nextPooled);
    nextContested = listLanes(isContested, i, count, first, nextContested);
  }
  store<i32>(counts, (<i32>(nextPooled - pooled)) >> 2);
  store<i32>(counts, (<i32>(nextContested - contested)) >> 2, 4);
}

/*
 * Following links: a pixel gets the label of the pixel that it is linked to if that has one already. Most links lead to
 * a neighbour, so that rows in turn, from the top and then from the bottom, reach nearly all pixels. Only
 * labels are handed on, not links, so that what is left are links to neighbours still.
 */

/** Follows the links upwards, to the left and to the right. The row before the band is done. */
export function followForwards(links: usize, stride: i32, rows: i32, first: i32): void {
  for (let row = 0; row < rows; row++) {
    const start = row * stride;
    const at = links + ((<usize>start) << 2);
    followToLeft(at, stride, first + start, -stride);
    followToRight(at, stride, first + start, 0);
  }
}

/**
 * Follows the links downwards, to the left and to the right. Lists the pixels that have no label then; returns how many
 * there are. The row behind the band is done, and no pixel behind that has a label.
 */
export function followBackwards(
  links: usize,
  stride: i32,
  rows: i32,
  first: i32,
  places: usize,
): i32 {
  let next = places;
  for (let row = rows - 1; row >= 0; row--) {
    const start = row * stride;
    const at = links + ((<usize>start) << 2);
    followToLeft(at, stride, first + start, stride);
    next = followToRight(at, stride, first + start, next);
  }
  return (<i32>(next - places)) >> 2;
}

/** Follows the links of a row that lead `across` pixels on, and to the left. */
function followToLeft(links: usize, count: i32, first: i32, across: i32): void {
  const zero = i32x4.splat(0);
  const distance = across << 2;
  // A link to pixel p is ~p.
  let lefts = i32x4.sub(i32x4.splat(-first), i32x4(0, 1, 2, 3));
  let before = v128.load32_splat(links - 4);
  for (let x = 0; x < count; x += 4, lefts = i32x4.sub(lefts, i32x4.splat(4))) {
    const at = links + ((<usize>x) << 2);
    const link = v128.load(at);
    if (!i32x4.bitmask(link)) {
      before = i32x4.shuffle(link, link, 3, 3, 3, 3);
      continue;
    }
    const isAcross = i32x4.eq(link, i32x4.sub(lefts, i32x4.splat(across + 1)));
    let label = v128.bitselect(v128.load(at + distance), link, isAcross);
    // Two rounds hand labels on over four pixels: over one, then over two; what comes from before goes to all.
    let takes = i32x4.eq(link, lefts);
    label = v128.bitselect(i32x4.shuffle(before, label, 3, 4, 5, 6), label, takes);
    takes = v128.and(takes, i32x4.shuffle(zero, takes, 3, 4, 5, 6));
    label = v128.bitselect(i32x4.shuffle(before, label, 2, 3, 4, 5), label, takes);
    takes = v128.and(takes, i32x4.shuffle(zero, takes, 2, 3, 4, 5));
    label = v128.bitselect(before, label, takes);
    label = v128.bitselect(link, label, i32x4.lt_s(label, zero));
    v128.store(at, label);
    before = i32x4.shuffle(label, label, 3, 3, 3, 3);
  }
}

/** Follows the links of a row that lead to the right. Lists pixels without a label from `end` on, unless that is 0. */
function followToRight(links: usize, count: i32, first: i32, end: usize): usize {
  const zero = i32x4.splat(0);
  let x = (count - 1) & ~3;
  let rights = i32x4.sub(i32x4.splat(-2 - first - x), i32x4(0, 1, 2, 3));
  let next = end;
  let before = v128.load32_splat(links + ((<usize>x) << 2), 16);
  for (; x >= 0; x -= 4, rights = i32x4.add(rights, i32x4.splat(4))) {
    const at = links + ((<usize>x) << 2);
    const link = v128.load(at);
    if (!i32x4.bitmask(link)) {
      before = i32x4.shuffle(link, link, 0, 0, 0, 0);
      continue;
    }
    let takes = i32x4.eq(link, rights);
    let label = v128.bitselect(i32x4.shuffle(link, before, 1, 2, 3, 4), link, takes);
    takes = v128.and(takes, i32x4.shuffle(takes, zero, 1, 2, 3, 4));
    label = v128.bitselect(i32x4.shuffle(label, before, 2, 3, 4, 5), label, takes);
    takes = v128.and(takes, i32x4.shuffle(takes, zero, 2, 3, 4, 5));
    label = v128.bitselect(before, label, takes);
    label = v128.bitselect(link, label, i32x4.lt_s(label, zero));
    v128.store(at, label);
    before = i32x4.shuffle(label, label, 0, 0, 0, 0);
    if (end !== 0) next = listLanes(label, x, count, first, next);
  }
  return next;
}

// -------------------------------------------------------------------------------------------- runs

/**
 * Lists the ends of the runs of equal labels in a row: the places whose label differs from the one before, and the end
 * of the row. Returns how many there are.
 */
export function findRunEnds(row: usize, width: i32, ends: usize): i32 {
  let next = ends;
  for (let x = 1; x < width; x += 16) {
    const at = row + ((<usize>x) << 2);
    const low = i16x8.narrow_i32x4_s(changes(at), changes(at + 16));
    const high = i16x8.narrow_i32x4_s(changes(at + 32), changes(at + 48));
    let bits = i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
    while (bits !== 0) {
      const place = x + ctz(bits);
      bits &= bits - 1;
      if (place >= width) break;
      store<i32>(next, place);
      next += 4;
    }
  }
  store<i32>(next, width);
  return ((<i32>(next - ends)) >> 2) + 1;
}

/** Which of four labels differ from the one before. */
function changes(at: usize): v128 {
  return i32x4.ne(v128.load(at), v128.load(at - 4));
}
