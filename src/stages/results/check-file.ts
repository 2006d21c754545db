import { KnownError } from '../../errors.ts';
import type { CsvField } from '../../formats/csv.ts';
import type { NdArray } from '../../imaging/array.ts';
import { arrayProblem, inWords } from '../../flow/shape/array-problem.ts';

/*
 * What authors hand over to be written. The compiler checks types, but no shapes, and nothing where the
 * workflow is JavaScript: an array whose shape is not that of its data would be another picture.
 */

const PIXELS = [Float32Array, Int32Array];

/** Throws `bad_workflow` unless `image` is one that `encodeTiff` takes: `[…, row, column]`, or RGB of bytes. */
export function checkImage(name: string, image: unknown): void {
  checkName('tiff', name);
  const { shape, data } = checkedArray(`tiff("${name}")`, withChannels(image));
  if (data instanceof Uint8Array) {
    if (shape.length === 3 && shape[2] === 3) return checkFilled(name, shape);
    throw wrong(
      `tiff("${name}") got bytes of shape ${words(shape)}, but bytes are written as colours, ` +
        `[row, column, 3]. For other images write Float32Array.from(image.data).`,
    );
  }
  if (!PIXELS.some((kind) => data instanceof kind)) {
    throw wrong(
      `tiff("${name}") got ${inWords(data)}, but takes Float32Array and Int32Array, or ` +
        `Uint8Array of colours. Write Float32Array.from(image.data).`,
    );
  }
  if (shape.length < 2) {
    throw wrong(
      `tiff("${name}") got an array of shape ${words(shape)}, but an image has rows and ` +
        `columns: [row, column], or [page, row, column].`,
    );
  }
  checkFilled(name, shape);
}

/** The shape of all that the data hold, where the image is one of several channels. */
function withChannels(image: unknown): unknown {
  const { shape, data, channel } = fieldsOf(image);
  const { of } = fieldsOf(channel);
  return Array.isArray(shape) && of !== undefined ? { shape: [...shape, of], data } : image;
}

/** Throws `bad_workflow` unless `array` is one that `writeNpy` takes. */
export function checkArray(name: string, array: unknown): void {
  checkName('npy', name);
  checkedArray(`npy("${name}")`, array);
}

/** The rows of a table; throws `bad_workflow` unless it has a header, and at a row that does not fit that. */
export function checkedRows(
  name: string,
  header: readonly string[],
  rows: Iterable<readonly CsvField[]>,
): Iterable<readonly CsvField[]> {
  checkName('csv', name);
  if (!isListOf(header, isText) || header.length === 0) {
    throw wrong(
      `csv("${name}") got ${inWords(header)} for its header, but needs a list of texts, such ` +
        `as ['image', 'cells'].`,
    );
  }
  if (isIterable(rows)) return fittingRows(name, header.length, rows);
  throw wrong(`csv("${name}") got ${inWords(rows)} for its rows, but needs a list of lists.`);
}

function* fittingRows(
  name: string,
  columns: number,
  rows: Iterable<readonly CsvField[]>,
): Generator<readonly CsvField[]> {
  let line = 0;
  for (const row of rows) {
    line += 1;
    if (!isListOf(row, isField) || row.length !== columns) {
      throw wrongRow(name, row, { line, columns });
    }
    yield row;
  }
}

function wrongRow(
  name: string,
  row: unknown,
  { line, columns }: { readonly line: number; readonly columns: number },
): KnownError {
  const about = `csv("${name}"), row ${line}`;
  if (!Array.isArray(row)) {
    return wrong(`${about} is ${inWords(row)}, but must be a list of ${columns} fields.`);
  }
  const stranger = row.findIndex((field) => !isField(field));
  if (stranger < 0) {
    return wrong(`${about} has ${row.length} fields, but the header has ${columns}.`);
  }
  const value = inWords(row[stranger]);
  return wrong(`${about}, field ${stranger + 1} is ${value}, but must be a text or a number.`);
}

/** Throws `bad_workflow` unless these are files that `tiff`, `npy` and `csv` have made. */
export function checkFiles(files: unknown): void {
  if (!Array.isArray(files)) {
    throw wrong(
      `The function of packageResults returned ${inWords(files)}, but must return a list, such ` +
        `as [tiff(…), csv(…)].`,
    );
  }
  if (files.length === 0) {
    throw wrong('The function of packageResults returned no file: a result has at least one.');
  }
  for (const [at, file] of files.entries()) checkFile(file, at);
}

function checkFile(file: unknown, at: number): void {
  const { kind, name, bytes, image } = fieldsOf(file);
  if (kind === 'tiff') return checkImage(String(name), image);
  if (kind === 'bytes' && isText(name) && bytes instanceof Uint8Array) return;
  throw wrong(
    `File ${at + 1} that packageResults got is ${inWords(file)}, but must be what tiff(…), ` +
      `npy(…) or csv(…) makes.`,
  );
}

function checkName(writer: string, name: unknown): void {
  if (isText(name) && name !== '') return;
  throw wrong(
    `${writer} got ${inWords(name)} for the name of a file, but needs a text, such as ` +
      `${writer}('cells.${writer === 'tiff' ? 'tif' : writer}', …).`,
  );
}

function checkedArray(who: string, array: unknown): NdArray {
  const problem = arrayProblem(array);
  if (problem !== undefined) throw wrong(`${who} got ${problem}`);
  // Nothing is wrong with it.
  return array as NdArray;
}

function checkFilled(name: string, shape: readonly number[]): void {
  if (!shape.includes(0)) return;
  throw wrong(`tiff("${name}") got an image of ${words(shape)}, which has no pixels.`);
}

function words(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isField = (value: unknown): boolean => isText(value) || typeof value === 'number';
const isListOf = (value: unknown, accepts: (one: unknown) => boolean): value is unknown[] =>
  Array.isArray(value) && value.every(accepts);

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function wrong(message: string): KnownError {
  return new KnownError('bad_workflow', message);
}
