import { type NdArray, sizeOf } from '../imaging/array.ts';
import { KnownError } from '../errors.ts';
import type { ServedModel, Tensors } from '../stand-in-server/served-model.ts';

/** A model that a test makes up. */
export interface TestModel {
  /** Rows, columns and channels of the tiles that it takes; -1 for any number. */
  readonly input: readonly [rows: number, columns: number, channels: number];
  /**
   * Its outputs for one tile, float32 `[row, column, channel]` each. The tile has the same axes; values are
   * as the workflow has prepared them.
   */
  readonly predict: (tile: NdArray<Float32Array>) => readonly NdArray<Float32Array>[];
}

/** What a server serves of models by `name:version`. */
export function servedTestModels(models: Readonly<Record<string, TestModel>>): ServedModel[] {
  return Object.entries(models).map(([id, model]) => {
    const [, name, version] = /^(.+):(\d+)$/.exec(id) ?? [];
    if (name === undefined || version === undefined) {
      throw new KnownError('bad_usage', `"${id}" is no model; write its version too: "${id}:1".`);
    }
    return {
      name,
      version: Number(version),
      inputs: [{ name: 'input', type: 'float32', shape: [-1, ...model.input] }],
      outputs: [],
      predict: (tensors) => predictAll(model, tensors),
    };
  });
}

/** Runs a model tile by tile and joins what it gives for each. */
function predictAll({ predict }: TestModel, tensors: Tensors): Tensors {
  const { shape: [count = 0, ...shape] = [], data = new Float32Array(0) } =
    tensors.get('input') ?? {};
  const size = sizeOf(shape);
  const perTile = Array.from({ length: count }, (_, at) =>
    predict({ shape, data: data.slice(at * size, (at + 1) * size) }),
  );
  const [first = []] = perTile;
  return new Map(
    first.map((head, index) => [
      `semantic_${index}`,
      joined(
        head.shape,
        perTile.map((heads) => heads[index]?.data),
      ),
    ]),
  );
}

function joined(
  shape: readonly number[],
  rows: readonly (Float32Array | undefined)[],
): NdArray<Float32Array> {
  const size = sizeOf(shape);
  const data = new Float32Array(rows.length * size);
  for (const [at, row] of rows.entries()) {
    if (row?.length !== size) {
      throw new KnownError('model_mismatch', 'A test model gives outputs of several shapes.');
    }
    data.set(row, at * size);
  }
  return { shape: [rows.length, ...shape], data };
}
