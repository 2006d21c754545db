import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { csvLine } from '../formats/csv.ts';
import type { ResultRecord, TableFile } from './record.ts';

/**
 * The table of all cells of a batch, line by line: the tables of the images one after the other, with the
 * file in front. Columns are all that one of them has; an image without one leaves it empty. Only
 * a line is held at a time.
 */
export async function* batchTable(
  records: readonly ResultRecord[],
  output: string,
): AsyncGenerator<string> {
  const tables = records.flatMap(({ file, folder, table }) =>
    table ? [{ file, folder, table }] : [],
  );
  const columns = unionOf(tables.map(({ table }) => table));
  yield `${csvLine(['file', ...columns])}\r\n`;
  for (const { file, folder, table } of tables) {
    const places = columns.map((column) => table.columns.indexOf(column));
    const first = csvLine([file]);
    for await (const line of rowsOf(join(output, folder, table.name))) {
      const fields = splitRow(line, table.columns.length);
      yield `${[first, ...places.map((place) => fields[place] ?? '')].join(',')}\r\n`;
    }
  }
}

/** All columns in the order in which they come, `mask` last as in each table. */
function unionOf(tables: readonly TableFile[]): string[] {
  const all = new Set(tables.flatMap(({ columns }) => columns));
  const hasMask = all.delete('mask');
  return [...all, ...(hasMask ? ['mask'] : [])];
}

/** The lines after the header. */
async function* rowsOf(path: string): AsyncGenerator<string> {
  let isHeader = true;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    if (!isHeader && line !== '') yield line;
    isHeader = false;
  }
}

/** The fields of a row as they are written: all are numbers but the last, which may be quoted and hold commas. */
function splitRow(line: string, columns: number): string[] {
  const fields = line.split(',');
  return [...fields.slice(0, columns - 1), fields.slice(columns - 1).join(',')];
}
