/** Something to be timed, once for each size of image. */
export interface Bench {
  readonly name: string;
  /** Milliseconds that the reference takes for an image of so many rows and columns. */
  readonly reference?: Readonly<Record<number, number>>;
  /** Gets everything ready for an image of this size and returns what is timed. */
  readonly prepare: (size: number) => () => unknown;
}

export interface Row {
  readonly name: string;
  /** Rows, and columns, of the image. */
  readonly size: number;
  /** Median over the repeats. */
  readonly ms: number;
  readonly reference_ms: number | null;
  /** How many times as fast as the reference. */
  readonly ratio: number | null;
}

const WARM_UP_MS = 300;
const MEASURED_MS = 1500;
const REPEATS = { least: 5, most: 25 };

export function measure({ name, reference, prepare }: Bench, size: number): Row {
  const ms = median(prepare(size));
  const expected = reference?.[size] ?? null;
  const row = { name, size, ms, reference_ms: expected, ratio: expected && expected / ms };
  show([
    name,
    String(size),
    ms.toFixed(1),
    expected?.toFixed(1) ?? '',
    row.ratio?.toFixed(1) ?? '',
  ]);
  return row;
}

export function showHeader(): void {
  show(['', 'size', 'ms', 'reference', 'times as fast']);
}

function median(run: () => unknown): number {
  for (let spent = 0; spent < WARM_UP_MS;) spent += timed(run);
  const times: number[] = [];
  for (let spent = 0; times.length < REPEATS.least || spent < MEASURED_MS;) {
    const time = timed(run);
    times.push(time);
    spent += time;
    if (times.length === REPEATS.most) break;
  }
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? NaN;
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function show([name = '', ...columns]: readonly string[]): void {
  console.log(name.padEnd(44) + columns.map((column) => column.padStart(14)).join(''));
}
