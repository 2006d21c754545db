/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly callers?: number;
  /** Requests, or tiles, a second. */
  readonly perSecond?: number;
  /** Share of what a bare loop gets. */
  readonly ofLimit?: number;
  /** Share of what the server could compute if tiles travelled in no time. */
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
  print(['', 'callers', 'per second', 'of limit', 'of pace', 'own CPU', 'added ms', '× memcpy']);
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
