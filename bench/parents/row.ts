/** One zip job, measured. */
export interface Measurement {
  readonly members: number;
  readonly seconds: number;
  /** Between the end of the last child and the claim of its parent for the join. */
  readonly waitMs: number;
  /** From the claim of the join to its end. */
  readonly joinMs: number;
  /** Processor time of the process of the archives, for each member. */
  readonly parentCpuMs: number;
  /** Of the process of the images. */
  readonly childCpuMs: number;
  readonly parentPeakMiB: number;
  readonly childPeakMiB: number;
  /** Commands of both processes for each member, those inside of scripts not counted. */
  readonly redisCalls: number;
}

export interface Row extends Measurement {
  readonly what: string;
}

const COLUMNS: readonly (readonly [string, keyof Measurement, number])[] = [
  ['members', 'members', 0],
  ['seconds', 'seconds', 1],
  ['wait ms', 'waitMs', 0],
  ['join ms', 'joinMs', 0],
  ['own CPU ms', 'parentCpuMs', 2],
  ['image CPU ms', 'childCpuMs', 2],
  ['peak MiB', 'parentPeakMiB', 0],
  ['images MiB', 'childPeakMiB', 0],
  ['Redis calls', 'redisCalls', 1],
];

export function showHeader(): void {
  console.log(''.padEnd(16) + COLUMNS.map(([name]) => name.padStart(14)).join(''));
}

/** Prints a row and returns it. */
export function show(row: Row): Row {
  const cells = COLUMNS.map(([, field, digits]) => row[field].toFixed(digits).padStart(14));
  console.log(row.what.padEnd(16) + cells.join(''));
  return row;
}
