/** Replies to requests of about one size that found equally many in flight. */
interface Cell {
  /** Running means. */
  readonly bytes: number;
  readonly ms: number;
  readonly replies: number;
  /** Requests in flight, at most `DEEPEST`. */
  readonly depth: number;
}

type Generation = Map<string, Cell>;

interface Observation {
  readonly bytes: number;
  readonly ms: number;
  /** Requests in flight when this one was sent, itself included. */
  readonly inFlight: number;
}

interface Line {
  readonly fixedMs: number;
  readonly msPerByte: number;
}

/** Replies that a running mean is about. */
const MEMORY = 8;
/** Replies that make a mean credible: the first ones may be those of a server that was not warm yet. */
const ENOUGH = 8;
/** Milliseconds a mebibyte, whatever the server computes: gRPC on both sides and the network between them. */
const MS_PER_MIB = 5;
/** Depths beyond are taken together. */
const DEEPEST = 8;

/** Estimated time to send rows of this many bytes to a server and to receive as many. */
export function transferMs(bytes: number): number {
  return (MS_PER_MIB * bytes) / 2 ** 20;
}

/**
 * How long a server takes for a request of a given size when nothing waits: a·bytes + b. Waiting only adds to a
 * duration, and it adds the same whatever the size. So the slope is fitted by least squares among requests that found
 * equally many in flight (a regression with fixed effects), and b is what the depth with the least of it has. Sizes are
 * distinguished by a quarter of an octave. Kept over two generations, so that what a server once could do is forgotten.
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

  observe({ bytes, ms, inFlight }: Observation): void {
    const depth = Math.min(inFlight, DEEPEST);
    const key = `${classOf(bytes)} ${depth}`;
    const known = this.#current.get(key);
    const replies = (known?.replies ?? 0) + 1;
    const weight = 1 / Math.min(replies, MEMORY);
    this.#fitted = undefined;
    this.#current.set(key, {
      bytes: (1 - weight) * (known?.bytes ?? 0) + weight * bytes,
      ms: (1 - weight) * (known?.ms ?? 0) + weight * ms,
      replies,
      depth,
    });
  }

  /** Milliseconds for a request of this size; undefined if nothing is known. */
  expected(bytes: number): number | undefined {
    const line = this.#line();
    return line && line.fixedMs + line.msPerByte * bytes;
  }

  /** The part of that time which does not depend on the size; undefined if nothing is known. */
  get fixedMs(): number | undefined {
    return this.#line()?.fixedMs;
  }

  /** True if replies of about this size were seen. */
  knows(bytes: number): boolean {
    const prefix = `${classOf(bytes)} `;
    return [this.#current, this.#previous].some((generation) =>
      generation.keys().some((key) => key.startsWith(prefix)),
    );
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
    if (!this.empty) this.#fitted ??= fitLine(this.#cells());
    return this.#fitted;
  }

  /** Each cell as this generation knows it, or the one before while that has seen more of it. */
  #cells(): Cell[] {
    const before = [...this.#previous].filter(([key, { replies }]) => {
      const now = this.#current.get(key)?.replies ?? 0;
      return now < ENOUGH && now < replies;
    });
    return [...new Map([...this.#current, ...before]).values()];
  }
}

function classOf(bytes: number): number {
  return Math.round(4 * Math.log2(Math.max(1, bytes)));
}

/**
 * The fixed part is not below zero, and a byte takes at least the time that it travels: all that is known of the slope
 * until two sizes can be compared.
 */
function fitLine(cells: readonly Cell[]): Line {
  const depths = [...Map.groupBy(credible(cells), ({ depth }) => depth).values()];
  const means = depths.map(meanOf);
  const steepest = Math.min(...means.map(({ bytes, ms }) => ms / bytes));
  const msPerByte = Math.min(steepest, Math.max(transferMs(1), slopeOf(depths) ?? 0));
  return { msPerByte, fixedMs: Math.min(...means.map(({ bytes, ms }) => ms - msPerByte * bytes)) };
}

/** Those of enough replies; all while there are none. */
function credible(cells: readonly Cell[]): readonly Cell[] {
  const some = cells.filter(({ replies }) => replies >= ENOUGH);
  return some.length > 0 ? some : cells;
}

/** Milliseconds a byte, the same at all depths; undefined if none has two sizes. */
function slopeOf(depths: readonly (readonly Cell[])[]): number | undefined {
  let variance = 0;
  let covariance = 0;
  for (const depth of depths) {
    const mean = meanOf(depth);
    for (const { bytes, ms, replies } of depth) {
      const weight = Math.min(replies, MEMORY);
      variance += weight * (bytes - mean.bytes) ** 2;
      covariance += weight * (bytes - mean.bytes) * (ms - mean.ms);
    }
  }
  return variance === 0 ? undefined : covariance / variance;
}

function meanOf(cells: readonly Cell[]): Pick<Cell, 'bytes' | 'ms'> {
  let [bytes, ms, total] = [0, 0, 0];
  for (const cell of cells) {
    const weight = Math.min(cell.replies, MEMORY);
    total += weight;
    bytes += (weight * (cell.bytes - bytes)) / total;
    ms += (weight * (cell.ms - ms)) / total;
  }
  return { bytes, ms };
}
