/** One line of the table. */
export interface Row {
  readonly what: string;
  /** MiB that the control group allows; undefined without one. */
  readonly limitMiB?: number;
  readonly jobs: number;
  readonly peakMiB: number;
  readonly meanMiB: number;
  readonly imagesPerSecond: number;
  readonly cpuSecondsPerImage: number;
  /** Median over pairs of the rate as a share of that of a consumer whose memory is not bounded. */
  readonly ofUnbounded?: number;
  readonly quartiles?: readonly [number, number];
  readonly unboundedPeakMiB?: number;
  /** Times that the kernel ended the consumer. */
  readonly kills?: number;
  /** Of many small jobs: the memory at the end as a multiple of that after the first ones. */
  readonly growth?: number;
}

const COLUMNS = [
  '',
  'limit MiB',
  'jobs',
  'peak MiB',
  'mean MiB',
  'images/s',
  'CPU s/image',
  '% of unbounded',
  'quartiles %',
  'unb. peak',
  'kills',
  'growth',
];

export function showHeader(): void {
  print(COLUMNS);
}

/** Prints a row and returns it. What was not measured, as of a consumer that was killed, stays empty. */
export function show(row: Row): Row {
  print([
    row.what,
    row.limitMiB === undefined ? 'none' : text(row.limitMiB),
    text(row.jobs),
    text(row.peakMiB),
    text(row.meanMiB),
    text(row.imagesPerSecond, 2),
    text(row.cpuSecondsPerImage, 3),
    percent(row.ofUnbounded),
    row.quartiles?.map(percent).join('–') ?? '',
    text(row.unboundedPeakMiB),
    text(row.kills),
    text(row.growth, 3),
  ]);
  return row;
}

function text(value: number | undefined, digits = 0): string {
  return Number.isFinite(value) ? Number(value).toFixed(digits) : '';
}

function percent(share: number | undefined): string {
  return text(share && 100 * share);
}

function print([what = '', ...columns]: readonly string[]): void {
  console.log(what.padEnd(22) + columns.map((column) => column.padStart(13)).join(''));
}
