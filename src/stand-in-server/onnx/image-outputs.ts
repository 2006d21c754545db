import { KnownError } from '../../errors.ts';
import type { ImageInput } from './image-input.ts';
import type { Layout } from './layout.ts';

/**
 * An output of a model for one tile: its shape without the batch, as it is served, and where the file has its
 * channels.
 */
export interface ImageOutput {
  /** As the file calls it. */
  readonly name: string;
  /** As it is served. */
  readonly servedName: string;
  /** `[row, column, channel]` if it has the rows and columns of the tile; else as the file has it. */
  readonly shape: readonly number[];
  readonly layout: Layout;
}

interface Found {
  readonly name: string;
  /** With the batch. */
  readonly shape: readonly number[];
}

/**
 * What a model gives, read from what it gave for one tile. Outputs are served under names whose order is that
 * of the file, since jobs take them in the order of their names. `bad_usage` if their order or their channels
 * cannot be told. `file` is for messages.
 */
export function readImageOutputs(
  found: readonly Found[],
  tile: Pick<ImageInput, 'rows' | 'columns'>,
  file: string,
): ImageOutput[] {
  const names = servedNames(
    found.map(({ name }) => name),
    file,
  );
  return found.map(({ name, shape }, at) => {
    const [batch, ...axes] = shape;
    if (batch !== 1) {
      const message =
        `Output ${name} of "${file}" has the shape [${shape.join(', ')}] for one tile; ` +
        `its first axis must be the batch.`;
      throw new KnownError('bad_usage', message);
    }
    return { name, servedName: names[at] ?? name, ...formOf(axes, tile, { name, file }) };
  });
}

function formOf(
  axes: readonly number[],
  { rows, columns }: Pick<ImageInput, 'rows' | 'columns'>,
  { name, file }: { readonly name: string; readonly file: string },
): Pick<ImageOutput, 'shape' | 'layout'> {
  const [one, two, three] = axes;
  const startsLikeTile = one === rows && two === columns;
  const endsLikeTile = axes.length === 3 && two === rows && three === columns;
  if (axes.length === 2 && startsLikeTile) return { shape: [rows, columns, 1], layout: 'last' };
  if (startsLikeTile && endsLikeTile) {
    const message =
      `Output ${name} of "${file}" is ${axes.join(' × ')}: ` +
      `which of these are its channels cannot be told.`;
    throw new KnownError('bad_usage', message);
  }
  if (endsLikeTile) return { shape: [rows, columns, one ?? 0], layout: 'first' };
  return { shape: axes, layout: 'last' };
}

/**
 * The names themselves where they are in order; else with their places in front. Names that are numbered
 * otherwise than they stand in the file are refused: one of the two orders would give wrong results without a
 * word.
 */
function servedNames(names: readonly string[], file: string): readonly string[] {
  const numbered = names.map((name) => ({
    stem: name.replaceAll(/\d+/g, '#'),
    numbers: [...name.matchAll(/\d+/g)].map(Number),
  }));
  const isNumbered = new Set(numbered.map(({ stem }) => stem)).size === 1;
  const rising = numbered.every(
    ({ numbers }, at) => at === 0 || compare(numbered[at - 1]?.numbers ?? [], numbers) < 0,
  );
  if (names.length > 1 && isNumbered && !rising) {
    const message =
      `The outputs of "${file}" stand in the order ${names.join(', ')}, ` +
      `which their numbers contradict. Rename them, or export them in order.`;
    throw new KnownError('bad_usage', message);
  }
  const isSorted = names.every((name, at) => at === 0 || (names[at - 1] ?? '') < name);
  const width = String(names.length).length;
  return isSorted ? names : names.map((name, at) => `${String(at).padStart(width, '0')}_${name}`);
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
