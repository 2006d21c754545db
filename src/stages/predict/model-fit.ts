import { KnownError } from '../../errors.ts';
import type { ModelUse } from '../../flow/model-use.ts';
import type { NdArray } from '../../imaging/array.ts';
import type { ModelName, ModelSignature, TensorInfo } from '../../ports.ts';

/* Whether a model fits what a job wants of it. Jobs and `doctor` ask here, so that both come to the same verdict. */

type Replied = ReadonlyMap<string, NdArray<Float32Array>>;
type Heads = ModelUse['heads'];

/**
 * The one input of a model, checked against an image `[batch, row, column, channel]` in the words of the reference. A
 * model that does not say how many axes it takes is given those of the image. `onMisfit` is what a job may do about
 * its channels.
 */
export function imageInput(
  model: ModelName,
  image: readonly number[],
  { inputs }: ModelSignature,
  onMisfit = '',
): TensorInfo {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    throw new KnownError(
      'model_mismatch',
      `Model ${model.name}:${model.version} has ${inputs.length} inputs; one image is expected.`,
    );
  }
  const { shape = image.map(() => -1) } = input;
  if (image.length !== shape.length) {
    throw new KnownError(
      'wrong_dimensions',
      `Input data must have ${shape.length} dimensions. Input data only has ${image.length} dimensions`,
    );
  }
  const channels = shape.at(-1) ?? -1;
  const given = image.at(-1) ?? 0;
  if (channels > 0 && given !== channels) {
    const words = `Input data must have ${channels} channels. Input data only has ${given} channels`;
    throw new KnownError('wrong_dimensions', onMisfit === '' ? words : `${words}. ${onMisfit}`);
  }
  return input;
}

/**
 * The names of the outputs to ask for; undefined for all of them, or if the server does not tell their names. Throws
 * `model_mismatch` if one holds no numbers.
 */
export function outputsToAsk(
  { model, heads }: Pick<ModelUse, 'model' | 'heads'>,
  { outputs }: ModelSignature,
): string[] | undefined {
  const wanted =
    heads === 'all' ? outputs : heads.flatMap(({ output }) => outputs.at(output) ?? []);
  for (const { name, type, typeName } of wanted) {
    if (type !== 'other') continue;
    throw new KnownError(
      'model_mismatch',
      `Output ${name} of ${model.name}:${model.version} has the type ${typeName ?? type}, which ` +
        'cannot be read as numbers.',
    );
  }
  if (heads === 'all' || outputs.length === 0) return undefined;
  return [...new Set(wanted.map(({ name }) => name))];
}

/**
 * The channels that heads look at, by the names of their outputs and ascending, where the server tells the names and
 * no head wants all channels.
 */
export function channelsToKeep(
  heads: Heads,
  { outputs }: ModelSignature,
): ReadonlyMap<string, readonly number[]> {
  if (heads === 'all') return new Map();
  const byName = Map.groupBy(heads, ({ output }) => outputs.at(output)?.name ?? '');
  byName.delete('');
  return new Map(
    [...byName].flatMap(([name, sharing]) => {
      if (sharing.some(({ channels }) => channels === undefined)) return [];
      const wanted = new Set(sharing.flatMap(({ channels = [] }) => channels));
      return [[name, [...wanted].sort((a, b) => a - b)]];
    }),
  );
}

interface ChosenHead {
  /** Its output as it came. */
  readonly array: NdArray<Float32Array>;
  /** Places of its channels in that; undefined for all of them. */
  readonly channels: readonly number[] | undefined;
}

interface Expected extends Pick<ModelUse, 'model' | 'heads' | 'outputs'> {
  /** What `channelsToKeep` said, if only those were asked for. */
  readonly kept?: ReadonlyMap<string, readonly number[]>;
}

/** The heads among the outputs that came. Throws `model_mismatch` if one is missing. */
export function chooseHeads(
  { heads, outputs: expected, model, kept }: Expected,
  replied: Replied,
  signature: ModelSignature,
): ChosenHead[] {
  const known = signature.outputs.map(({ name }) => name);
  const names = known.length > 0 ? known : [...replied.keys()];
  if (expected !== undefined && names.length !== expected) {
    throw new KnownError(
      'model_mismatch',
      `output_list was length ${names.length}, expecting length ${expected}`,
    );
  }
  const all: Exclude<Heads, 'all'> =
    heads === 'all' ? names.map((_, output) => ({ output })) : heads;
  return all.map(({ output, channels }) => {
    const name = names.at(output) ?? '';
    const array = replied.get(name);
    const places = kept?.get(name);
    const placeOf = (channel: number): number => places?.indexOf(channel) ?? channel;
    const missing = channels?.find((channel) => placeOf(channel) >= (array?.shape.at(-1) ?? 0));
    if (array !== undefined && missing === undefined)
      return { array, channels: channels?.map(placeOf) };
    throw new KnownError(
      'model_mismatch',
      `Model ${model.name}:${model.version} lacks output ${output}` +
        `${missing === undefined ? '' : `, channel ${missing}`}; it has ${names.join(', ')}.`,
    );
  });
}

/** Throws `model_mismatch` unless an output has the rows and columns of the tiles that it was made of. */
export function checkTileShape(
  { shape }: NdArray<Float32Array>,
  [rows, columns]: readonly [number, number],
): void {
  if (shape.length === 4 && shape[1] === rows && shape[2] === columns) return;
  throw new KnownError(
    'model_mismatch',
    `The model made outputs of shape ${shape.slice(1).join(' × ')} of tiles of ${rows} × ` +
      `${columns}; they must have the same rows and columns.`,
  );
}

/** The output of a model that says one thing of each tile. Throws `model_mismatch` if it has several. */
export function onlyOutput(model: ModelName, outputs: Replied): NdArray<Float32Array> {
  const [output] = outputs.values();
  if (output !== undefined && outputs.size === 1) return output;
  throw new KnownError(
    'model_mismatch',
    `Model ${model.name}:${model.version} gave ${outputs.size} outputs; one was expected.`,
  );
}
