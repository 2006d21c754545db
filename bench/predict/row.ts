/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly callers?: number;
  /** Requests, or tiles, a second. */
  readonly perSecond?: number;
  /** Share of what a bare loop gets. */
  readonly ofLimit?: number;
  /** The quartiles of that share over the rounds: how noisy this machine is. */
  readonly quartiles?: readonly [number, number];
  /** Share of what the server gets done when it never waits for work. */
  readonly ofPace?: number;
  /** Share of the processor time of a call that the adapter itself takes. */
  readonly ownCpu?: number;
  /** Time that the adapter adds to a call. */
  readonly addedMs?: number;
  /** Time as a multiple of a plain copy. */
  readonly copies?: number;
}

const NOTHING = '';

export function showHeader(): void {
  print([
    '',
    'callers',
    'per second',
    'of limit',
    'quartiles',
    'of pace',
    'own CPU',
    'added ms',
    '× memcpy',
  ]);
}

/** Prints a row and returns it. */
export function show(row: Row): Row {
  const percent = (share?: number): string =>
    share === undefined ? NOTHING : `${(100 * share).toFixed(1)} %`;
  print([
    row.what,
    row.callers?.toString() ?? NOTHING,
    row.perSecond?.toFixed(1) ?? NOTHING,
    percent(row.ofLimit),
    row.quartiles?.map((share) => (100 * share).toFixed(0)).join('–') ?? NOTHING,
    percent(row.ofPace),
    percent(row.ownCpu),
    row.addedMs?.toFixed(2) ?? NOTHING,
    row.copies?.toFixed(2) ?? NOTHING,
  ]);
  return row;
}

function print([what = NOTHING, ...columns]: readonly string[]): void {
  console.log(what.padEnd(36) + columns.map((column) => column.padStart(12)).join(''));
}

/** The middle of some values, which a moment of noise does not move. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quartilesOf(values: readonly number[]): readonly [number, number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}
