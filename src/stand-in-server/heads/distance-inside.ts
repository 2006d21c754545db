import type { PlaneSize } from '../../imaging/plane.ts';

/**
 * The Euclidean distance of each pixel that is set to the nearest one that is not, in pixels; 0 where it is not set.
 * Pixels beyond the border count as set. Exact, after Felzenszwalb and Huttenlocher, Distance Transforms of Sampled
 * Functions (Theory of Computing 8, 2012).
 */
export function distanceInside(isSet: Uint8Array, { rows, columns }: PlaneSize): Float32Array {
  const squares = Float64Array.from(isSet, (set) => (set === 0 ? 0 : FAR));
  const longest = Math.max(rows, columns);
  const work = {
    line: new Float64Array(longest),
    places: new Int32Array(longest),
    bounds: new Float64Array(longest + 1),
  };
  for (let column = 0; column < columns; column++) {
    lowerEnvelope(squares, { start: column, step: columns, length: rows }, work);
  }
  for (let row = 0; row < rows; row++) {
    lowerEnvelope(squares, { start: row * columns, step: 1, length: columns }, work);
  }
  return Float32Array.from(squares, (square) =>
    Math.sqrt(Math.min(square, rows * rows + columns * columns)),
  );
}

/** Larger than any squared distance, and small enough to add to. */
const FAR = 1e12;

interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

interface Work {
  readonly line: Float64Array;
  /** Places of the parabolas that form the envelope, and where each begins to. */
  readonly places: Int32Array;
  readonly bounds: Float64Array;
}

/** Replaces values v(x) by the least of (x - y)² + v(y) over all y. */
function lowerEnvelope(
  squares: Float64Array,
  { start, step, length }: Line,
  { line, places, bounds }: Work,
): void {
  for (let at = 0; at < length; at++) line[at] = squares[start + at * step];
  let last = 0;
  places[0] = 0;
  bounds[0] = -Infinity;
  bounds[1] = Infinity;
  for (let at = 1; at < length; at++) {
    let crossing = crossingOf(line, at, places[last]);
    while (crossing <= bounds[last]) crossing = crossingOf(line, at, places[--last]);
    places[++last] = at;
    bounds[last] = crossing;
    bounds[last + 1] = Infinity;
  }
  let current = 0;
  for (let at = 0; at < length; at++) {
    while (bounds[current + 1] < at) current++;
    const place = places[current];
    squares[start + at * step] = (at - place) * (at - place) + line[place];
  }
}

/** Where the parabolas over two places meet. */
function crossingOf(line: Float64Array, one: number, other: number): number {
  return (line[one] + one * one - (line[other] + other * other)) / (2 * (one - other));
}
