import { availableParallelism } from 'node:os';
import { ThreadPool } from '../adapters/compute/thread-pool.ts';
import { sharedFloat32, sizeOf } from '../imaging/array.ts';
import type { ComputePool, TensorInfo } from '../ports.ts';
import type { HeadKernels, HeadsName } from './heads/heads.ts';
import type { ServedModel, Tensors } from './served-model.ts';
import { trackingModels } from './tracking-models.ts';

interface Declaration {
  readonly name: string;
  readonly version: number;
  readonly heads: HeadsName;
  /** Rows and columns of the input, which both may be -1 for any, and its channels. */
  readonly input: readonly [rows: number, columns: number, channels: number];
  /**
   * Outputs in the order of their names, with their channels. Planes of the size of the input, or one number
   * for each channel.
   */
  readonly outputs: Readonly<Record<string, number>>;
  readonly outputForm?: 'plane' | 'numbers';
}

/** Rows are computed to the end: a batch that nobody waits for is not given up by TensorFlow Serving either. */
const NEVER = new AbortController().signal;

const DISTANCES = { semantic_0: 1, semantic_1: 1 };
const COMPARTMENTS = { semantic_0: 1, semantic_1: 3, semantic_2: 1, semantic_3: 3 };
const SPOTS = { classification: 2, offset_regression: 2 };

/** Names, versions and shapes are those that the workflows ask for by default. */
const DECLARATIONS: readonly Declaration[] = [
  {
    name: 'NuclearSegmentation',
    version: 6,
    heads: 'nuclei',
    input: [256, 256, 1],
    outputs: DISTANCES,
  },
  {
    name: 'NuclearSegmentationAnySize',
    version: 1,
    heads: 'nuclei',
    input: [-1, -1, 1],
    outputs: DISTANCES,
  },
  {
    name: 'CytoplasmSegmentation',
    version: 5,
    heads: 'cells',
    input: [256, 256, 1],
    outputs: DISTANCES,
  },
  {
    name: 'PhaseCytoSegmentation',
    version: 0,
    heads: 'cells',
    input: [256, 256, 1],
    outputs: DISTANCES,
  },
  {
    name: 'MultiplexSegmentation',
    version: 9,
    heads: 'compartments',
    input: [256, 256, 2],
    outputs: COMPARTMENTS,
  },
  { name: 'SpotDetection', version: 3, heads: 'spots', input: [128, 128, 1], outputs: SPOTS },
  { name: 'SpotDetection', version: 7, heads: 'spots', input: [128, 128, 1], outputs: SPOTS },
  {
    name: 'ScaleDetection',
    version: 1,
    heads: 'scale',
    input: [216, 216, 1],
    outputs: { scale: 1 },
    outputForm: 'numbers',
  },
  {
    name: 'LabelDetection',
    version: 1,
    heads: 'label',
    input: [216, 216, 1],
    outputs: { label: 3 },
    outputForm: 'numbers',
  },
];

export interface BuiltInModels {
  readonly models: readonly ServedModel[];
  close(): Promise<void>;
}

/**
 * Classical stand-ins for the trained models of the DeepCell Kiosk, of the same names, shapes and outputs, so
 * that every workflow can be tried without a GPU and without their weights. They compute on `threads`
 * threads, or on `pool`.
 */
export function builtInModels({
  threads = availableParallelism(),
  pool = openHeads(threads),
}: {
  readonly threads?: number;
  readonly pool?: ComputePool<HeadKernels>;
} = {}): BuiltInModels {
  return {
    models: [
      ...DECLARATIONS.map((declaration) => servedModel(declaration, pool)),
      ...trackingModels(),
    ],
    close: () => pool.close(),
  };
}

function openHeads(threads: number): ComputePool<HeadKernels> {
  return new ThreadPool<HeadKernels>({
    threads,
    kernelsUrl: new URL('heads/heads.ts', import.meta.url),
  });
}

function servedModel(declaration: Declaration, pool: ComputePool<HeadKernels>): ServedModel {
  const { name, version, input, outputs, outputForm = 'plane' } = declaration;
  const [rows, columns] = input;
  const plane = outputForm === 'plane' ? [rows, columns] : [];
  return {
    name,
    version,
    inputs: [floats('input', [-1, ...input])],
    outputs: Object.entries(outputs).map(([output, channels]) =>
      floats(output, [-1, ...plane, channels]),
    ),
    predict: (tensors) => predict(declaration, tensors, pool),
  };
}

function floats(name: string, shape: readonly number[]): TensorInfo {
  return { name, type: 'float32', shape };
}

async function predict(
  { heads, outputs, outputForm }: Declaration,
  tensors: Tensors,
  pool: ComputePool<HeadKernels>,
): Promise<Tensors> {
  const { shape = [], data = new Float32Array(0) } = tensors.get('input') ?? {};
  const [count = 0, rows = 0, columns = 0] = shape;
  const length = sizeOf(shape.slice(1));
  const computed = await Promise.all(
    Array.from({ length: count }, (_, at) => {
      const row = sharedFloat32(length);
      row.set(data.subarray(at * length, (at + 1) * length));
      return pool.run(heads, { row, size: { rows, columns } }, NEVER);
    }),
  );
  const plane = outputForm === 'numbers' ? [] : [rows, columns];
  return new Map(
    Object.entries(outputs).map(([output, channels], index) => [
      output,
      {
        shape: [count, ...plane, channels],
        data: joined(computed.map((row) => row[index] ?? new Float32Array(0))),
      },
    ]),
  );
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}
