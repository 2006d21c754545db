import { KnownError } from '../../errors.ts';
import type { Layout } from './layout.ts';
import type { OnnxInfo } from './runtime.ts';

/** The one input of a model, and the tiles that it gets. */
export interface ImageInput {
  readonly name: string;
  readonly type: 'float32' | 'float16';
  readonly layout: Layout;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/**
 * Rows and columns of tiles where a model takes any: those of the Kiosk's own models. A whole image as one
 * tile would need memory without a bound, and most models cannot halve each size as often as they do.
 */
const ANY_SIZE = 256;
/** The longest axis that is taken for the channels. */
const MOST_CHANNELS = 16;

/** What a model takes; `bad_usage` if it is not one image of floats. `file` is for messages. */
export function readImageInput(inputs: readonly OnnxInfo[], file: string): ImageInput {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw refused(file, `has ${inputs.length} inputs (${names}); it must have one, the image`);
  }
  const { name } = input;
  const type = floatType(input, `Input ${name} of "${file}"`);
  const axes = (input.shape ?? []).map((axis) => (typeof axis === 'number' ? axis : -1));
  const shown = shownShape(input);
  const [batch = 0, one = 0, two = 0, three = 0] = axes;
  if (axes.length !== 4) {
    throw refused(
      file,
      `takes ${name} of shape ${shown}; four axes are needed: batch, rows, columns, channels`,
    );
  }
  if (batch > 1) {
    throw refused(
      file,
      `takes ${batch} images at a time (${name} has shape ${shown}). Export it with a batch of any size, or of 1`,
    );
  }
  const layout = layoutOf(one, three);
  if (layout === undefined) {
    throw refused(
      file,
      `takes ${name} of shape ${shown}, which does not say where its channels are: the second ` +
        `axis or the last must be a fixed number of at most ${MOST_CHANNELS}, and the other not`,
    );
  }
  const [rows, columns, channels] = layout === 'last' ? [one, two, three] : [two, three, one];
  return { name, type, layout, rows: sizeOf(rows), columns: sizeOf(columns), channels };
}

/** float32 or float16; `bad_usage` for anything else. `what` is for messages. */
export function floatType({ isTensor, type }: OnnxInfo, what: string): 'float32' | 'float16' {
  if (type === 'float32' || type === 'float16') return type;
  const found = isTensor ? `has elements of type ${type}` : 'is no tensor';
  throw new KnownError('bad_usage', `${what} ${found}, but must be of float32 or float16.`);
}

function sizeOf(axis: number): number {
  return axis > 0 ? axis : ANY_SIZE;
}

function layoutOf(second: number, last: number): Layout | undefined {
  if (mayBeChannels(second) === mayBeChannels(last)) return undefined;
  return mayBeChannels(last) ? 'last' : 'first';
}

function mayBeChannels(axis: number): boolean {
  return axis >= 1 && axis <= MOST_CHANNELS;
}

function shownShape({ shape = [] }: OnnxInfo): string {
  return `[${shape.map((axis) => (axis === '' ? '?' : axis)).join(', ')}]`;
}

function refused(file: string, what: string): KnownError {
  return new KnownError('bad_usage', `"${file}" ${what}.`);
}
