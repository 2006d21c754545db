interface SizeClass {
  readonly bytes: number;
  /** Replies of a server that had so little to do that nothing waited there, and the sum of their durations. */
  readonly calmReplies: number;
  readonly calmMs: number;
  /** The mean of the last replies of any kind, each half as heavy as the one after it, and its minimum. */
  readonly recentMs: number;
  readonly leastMs: number;
}

type Generation = Map<number, SizeClass>;

interface Observation {
  readonly bytes: number;
  readonly ms: number;
  /** Whether the server had so little to do that nothing waited there. */
  readonly calm: boolean;
}

interface Point {
  readonly bytes: number;
  readonly ms: number;
  readonly weight: number;
}

interface Line {
  readonly fixedMs: number;
  readonly msPerByte: number;
}

/** Weights of size classes with calm replies; those without weigh 1, and frequent ones do not drown the others. */
const LIGHTEST = 10;
const HEAVIEST = 50;

/**
 * How long a server takes for a request of a given size when nothing waits: a·bytes + b, fitted by least squares over
 * size classes a quarter of an octave wide. The duration of a class is the mean of its calm replies, or while there
 * are none the least running mean of the others, because whatever adds to that is waiting. Kept over two generations,
 * so that what a server once could do is forgotten.
 */
export class LatencyModel {
  #current: Generation = new Map();
  #previous: Generation = new Map();
  /** The line through both, until something new is known. */
  #fitted: Line | undefined;

  /** True if it has seen nothing in two generations. */
  get empty(): boolean {
    return this.#current.size === 0 && this.#previous.size === 0;
  }

  observe({ bytes, ms, calm }: Observation): void {
    const key = classOf(bytes);
    const known = this.#current.get(key);
    this.#fitted = undefined;
    const recentMs = known === undefined ? ms : (known.recentMs + ms) / 2;
    this.#current.set(key, {
      bytes: known === undefined ? bytes : known.bytes + (bytes - known.bytes) / 8,
      calmReplies: (known?.calmReplies ?? 0) + (calm ? 1 : 0),
      calmMs: (known?.calmMs ?? 0) + (calm ? ms : 0),
      recentMs,
      leastMs: Math.min(known?.leastMs ?? Infinity, recentMs),
    });
  }

  /** Milliseconds for a request of this size; undefined if nothing is known. */
  expected(bytes: number): number | undefined {
    const line = this.#line();
    return line && line.fixedMs + line.msPerByte * bytes;
  }

  /** Share of that time which does not depend on the size; 1 if nothing is known. */
  fixedShare(bytes: number): number {
    const line = this.#line();
    return line === undefined ? 1 : line.fixedMs / (line.fixedMs + line.msPerByte * bytes || 1);
  }

  /** True if replies of about this size were seen. */
  knows(bytes: number): boolean {
    const key = classOf(bytes);
    return this.#current.has(key) || this.#previous.has(key);
  }

  /** Starts a new generation and forgets the one before the last. */
  rotate(): void {
    this.#previous = this.#current;
    this.#current = new Map();
    this.#fitted = undefined;
  }

  /** Forgets all. */
  clear(): void {
    this.rotate();
    this.rotate();
  }

  #line(): Line | undefined {
    const keys = new Set([...this.#current.keys(), ...this.#previous.keys()]);
    if (keys.size > 0) this.#fitted ??= fitLine([...keys].map((key) => this.#point(key)));
    return this.#fitted;
  }

  #point(key: number): Point {
    const classes = [this.#current.get(key), this.#previous.get(key)].filter(
      (known) => known !== undefined,
    );
    const sum = (value: (known: SizeClass) => number): number =>
      classes.reduce((total, known) => total + value(known), 0);
    const calmReplies = sum((known) => known.calmReplies);
    const leastMs = Math.min(...classes.map((known) => known.leastMs));
    return {
      bytes: sum((known) => known.bytes) / classes.length,
      ms: calmReplies > 0 ? sum((known) => known.calmMs) / calmReplies : leastMs,
      weight: calmReplies > 0 ? Math.min(HEAVIEST, LIGHTEST + calmReplies) : 1,
    };
  }
}

function classOf(bytes: number): number {
  return Math.round(4 * Math.log2(Math.max(1, bytes)));
}

/**
 * The line through points by weighted least squares, with neither slope nor intercept below zero. Through a single
 * point it goes from the origin: the next request of another size tells more.
 */
function fitLine(points: readonly Point[]): Line {
  let total = 0;
  let meanBytes = 0;
  let meanMs = 0;
  for (const { bytes, ms, weight } of points) {
    total += weight;
    meanBytes += (weight * (bytes - meanBytes)) / total;
    meanMs += (weight * (ms - meanMs)) / total;
  }
  let variance = 0;
  let covariance = 0;
  for (const { bytes, ms, weight } of points) {
    variance += weight * (bytes - meanBytes) ** 2;
    covariance += weight * (bytes - meanBytes) * (ms - meanMs);
  }
  const steepest = meanMs / meanBytes;
  const slope = variance === 0 ? steepest : covariance / variance;
  const msPerByte = Math.min(steepest, Math.max(0, slope));
  return { msPerByte, fixedMs: meanMs - msPerByte * meanBytes };
}
