import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { ThreadPool } from '../../adapters/compute/thread-pool.ts';
import { KnownError, classify } from '../../errors.ts';
import { sharedFloat32, sizeOf } from '../../imaging/array.ts';
import type { ComputePool, ModelName, TensorInfo } from '../../ports.ts';
import type { ServedModel, Tensors } from '../served-model.ts';
import { type ImageInput, floatType, readImageInput } from './image-input.ts';
import { type ImageOutput, readImageOutputs } from './image-outputs.ts';
import { channelsFirst, channelsLast } from './layout.ts';
import type { OnnxFile, OnnxKernels, OnnxOutput } from './onnx-kernels.ts';
import { findOnnxRuntime } from './runtime.ts';

/** A file, and the model in whose place it is served. */
export interface NamedFile extends ModelName {
  readonly file: string;
}

export interface OnnxModels {
  readonly models: readonly ServedModel[];
  close(): Promise<void>;
}

type Pool = ComputePool<OnnxKernels>;

/** A model that waits for nobody's permission: a tile is computed to the end. */
const NEVER = new AbortController().signal;

/**
 * Models of images in ONNX files, served as the Kiosk's are: float32, channels last, tiles of one size,
 * outputs in the order of the file. Tiles are computed one at a time on a thread of their own, by all
 * processors together, so that a batch needs no more memory than a tile. Each model is tried once.
 * `bad_usage` if onnxruntime-node is not installed, or a file cannot be served.
 */
export async function openOnnxModels(
  files: readonly NamedFile[],
  {
    runtime = findOnnxRuntime(),
    threads = availableParallelism(),
  }: { readonly runtime?: string; readonly threads?: number } = {},
): Promise<OnnxModels> {
  const pool = new ThreadPool<OnnxKernels>({
    threads: 1,
    kernelsUrl: new URL('onnx-kernels.ts', import.meta.url),
  });
  try {
    const models: ServedModel[] = [];
    for (const named of files) models.push(await openModel(named, { runtime, threads, pool }));
    return { models, close: () => pool.close() };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

interface Opening {
  readonly runtime: string;
  readonly threads: number;
  readonly pool: Pool;
}

async function openModel(
  { name, version, file }: NamedFile,
  { runtime, threads, pool }: Opening,
): Promise<ServedModel> {
  await requireFile(file);
  const model = { runtime, file, threads };
  const { inputs, outputs } = await pool.run('open', model, NEVER);
  const input = readImageInput(inputs, file);
  for (const output of outputs) floatType(output, `Output ${output.name} of "${file}"`);
  const forms = readImageOutputs(await tryTile(pool, model, input), input, file);
  const { rows, columns, channels } = input;
  return {
    name,
    version,
    inputs: [floats(input.name, [rows, columns, channels])],
    outputs: forms.map(({ servedName, shape }) => floats(servedName, shape)),
    predict: (tensors) => predict(tensors, { pool, model, input, forms }),
  };
}

async function requireFile(file: string): Promise<void> {
  const facts = await stat(file).catch(() => undefined);
  if (facts?.isFile()) return;
  const what = facts === undefined ? 'There is no file' : 'No file is';
  throw new KnownError('bad_usage', `${what} "${file}".`);
}

/** What a model makes of a tile of zeros. */
async function tryTile(
  pool: Pool,
  model: OnnxFile,
  input: ImageInput,
): Promise<readonly OnnxOutput[]> {
  const { rows, columns, channels } = input;
  try {
    return await run(pool, model, input, sharedFloat32(rows * columns * channels));
  } catch (error) {
    const tile = `${rows} × ${columns} with ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
    const message = `"${model.file}" fails on a tile of ${tile}: ${classify(error).message}`;
    throw new KnownError('bad_usage', message, { cause: error });
  }
}

/** One tile `[row, column, channel]`. */
function run(
  pool: Pool,
  model: OnnxFile,
  { name, type, layout, rows, columns, channels }: ImageInput,
  tile: Float32Array,
): Promise<readonly OnnxOutput[]> {
  const shape = layout === 'last' ? [1, rows, columns, channels] : [1, channels, rows, columns];
  const data = layout === 'last' ? tile : channelsFirst(tile, channels);
  return pool.run('run', { model, name, type, shape, data }, NEVER);
}

interface Ready {
  readonly pool: Pool;
  readonly model: OnnxFile;
  readonly input: ImageInput;
  readonly forms: readonly ImageOutput[];
}

async function predict(tensors: Tensors, { pool, model, input, forms }: Ready): Promise<Tensors> {
  const { shape: [count = 0, ...axes] = [], data = new Float32Array(0) } =
    tensors.get(input.name) ?? {};
  const length = sizeOf(axes);
  const computed = await Promise.all(
    Array.from({ length: count }, (_, at) => {
      const tile = sharedFloat32(length);
      tile.set(data.subarray(at * length, (at + 1) * length));
      return run(pool, model, input, tile);
    }),
  );
  return new Map(
    forms.map((form, at) => {
      const { servedName, shape } = form;
      const tiles = computed.map((outputs) => outputs[at]);
      return [servedName, { shape: [count, ...shape], data: joined(form, tiles) }];
    }),
  );
}

/** The tiles of an output behind each other, with their channels last. */
function joined(
  { name, shape, layout }: ImageOutput,
  tiles: readonly (OnnxOutput | undefined)[],
): Float32Array {
  const length = sizeOf(shape);
  const all = new Float32Array(tiles.length * length);
  for (const [at, tile] of tiles.entries()) {
    if (tile?.data.length !== length) {
      throw new RangeError(
        `Output ${name} has the shape ${tile?.shape.join(' × ')}, not ${shape.join(' × ')}.`,
      );
    }
    const channels = shape.at(-1) ?? 1;
    all.set(layout === 'last' ? tile.data : channelsLast(tile.data, channels), at * length);
  }
  return all;
}

function floats(name: string, shape: readonly number[]): TensorInfo {
  return { name, type: 'float32', shape: [-1, ...shape] };
}
