interface SizeClass {
  bytes: number;
  /** The mean of the last replies, each half as heavy as the one after it. */
  recentMs: number;
  leastMs: number;
  replies: number;
}

type Generation = Map<number, SizeClass>;

/** Replies of one size that weigh as one in the fit, so that a frequent size does not drown the others. */
const HEAVIEST = 50;

/**
 * How long a server takes for a request of a given size when nothing waits: a·bytes + b, fitted by least squares
 * through the least durations seen per size (size classes a quarter of an octave wide). Minima, because whatever
 * adds to them is waiting; of a running mean, because one lucky reply proves nothing. Kept over two generations,
 * so that what a server once could do is forgotten.
 */
export class LatencyModel {
  #current: Generation = new Map();
  #previous: Generation = new Map();

  /** True if it has seen nothing in two generations. */
  get empty(): boolean {
    return this.#current.size === 0 && this.#previous.size === 0;
  }

  observe(bytes: number, ms: number): void {
    const key = Math.round(4 * Math.log2(Math.max(1, bytes)));
    const known = this.#current.get(key);
    if (known === undefined) {
      this.#current.set(key, { bytes, recentMs: ms, leastMs: ms, replies: 1 });
      return;
    }
    known.bytes += (bytes - known.bytes) / 8;
    known.recentMs = (known.recentMs + ms) / 2;
    known.leastMs = Math.min(known.leastMs, known.recentMs);
    known.replies++;
  }

  /** Milliseconds for a request of this size; undefined if nothing is known. */
  expected(bytes: number): number | undefined {
    const points = this.#points();
    return points.length === 0 ? undefined : fitLine(points)(bytes);
  }

  /** Starts a new generation and forgets the one before the last. */
  rotate(): void {
    this.#previous = this.#current;
    this.#current = new Map();
  }

  /** Forgets all. */
  clear(): void {
    this.rotate();
    this.rotate();
  }

  #points(): SizeClass[] {
    const merged: Generation = new Map(this.#previous);
    for (const [key, present] of this.#current) {
      const leastMs = Math.min(present.leastMs, this.#previous.get(key)?.leastMs ?? Infinity);
      merged.set(key, { ...present, leastMs });
    }
    return [...merged.values()];
  }
}

/** The line through points by weighted least squares, with neither slope nor intercept below zero. */
function fitLine(points: readonly SizeClass[]): (bytes: number) => number {
  let weight = 0;
  let meanBytes = 0;
  let meanMs = 0;
  for (const point of points) {
    const share = Math.min(HEAVIEST, point.replies);
    weight += share;
    meanBytes += (share * (point.bytes - meanBytes)) / weight;
    meanMs += (share * (point.leastMs - meanMs)) / weight;
  }
  let variance = 0;
  let covariance = 0;
  for (const point of points) {
    const share = Math.min(HEAVIEST, point.replies);
    variance += share * (point.bytes - meanBytes) ** 2;
    covariance += share * (point.bytes - meanBytes) * (point.leastMs - meanMs);
  }
  const steepest = meanMs / meanBytes;
  const slope = variance === 0 ? 0 : Math.min(steepest, Math.max(0, covariance / variance));
  return (bytes) => meanMs + slope * (bytes - meanBytes);
}
