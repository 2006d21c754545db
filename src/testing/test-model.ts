import { type NdArray, sizeOf } from '../imaging/array.ts';
import { KnownError } from '../errors.ts';
import { arrayProblem } from '../flow/shape/array-problem.ts';
import { whatIs } from '../flow/shape/shape-rules.ts';
import { testModelProblems } from '../flow/shape/test-model-shape.ts';
import type { TestModel, TestModels } from '../flow/test-model.ts';
import type { ServedModel, Tensors } from '../stand-in-server/served-model.ts';

/** What a server serves of models by `name:version`. Throws `bad_usage` for what is no model. */
export function servedTestModels(models: TestModels): ServedModel[] {
  const [problem] = testModelProblems(models);
  if (problem !== undefined) throw new KnownError('bad_usage', problem);
  return Object.entries(models).map(([id, model]) => {
    const colon = id.lastIndexOf(':');
    return {
      name: id.slice(0, colon),
      version: Number(id.slice(colon + 1)),
      inputs: [{ name: 'input', type: 'float32', shape: [-1, ...model.input] }],
      outputs: [],
      predict: (tensors) => predictAll({ ...model, id }, tensors),
    };
  });
}

interface Named extends Pick<TestModel, 'predict'> {
  readonly id: string;
}

/** The outputs for a tile; the compiler has not seen what authors of JavaScript return. */
function checked(id: string, heads: ReturnType<TestModel['predict']>): typeof heads {
  if (!Array.isArray(heads) || heads.length === 0) {
    const message = `The test model "${id}" returned ${whatIs(heads)}, but must return its outputs: a list of arrays.`;
    throw new KnownError('model_mismatch', message);
  }
  for (const [at, head] of heads.entries()) {
    const problem = arrayProblem(head);
    if (problem === undefined) continue;
    throw new KnownError('model_mismatch', `Output ${at} of the test model "${id}" is ${problem}`);
  }
  return heads;
}

/** Runs a model tile by tile and joins what it gives for each. */
function predictAll({ id, predict }: Named, tensors: Tensors): Tensors {
  const { shape: [count = 0, ...shape] = [], data = new Float32Array(0) } =
    tensors.get('input') ?? {};
  const size = sizeOf(shape);
  const perTile = Array.from({ length: count }, (_, at) =>
    checked(id, predict({ shape, data: data.slice(at * size, (at + 1) * size) })),
  );
  const [first = []] = perTile;
  return new Map(
    first.map((head, index) => [
      `semantic_${index}`,
      joined(
        id,
        head.shape,
        perTile.map((heads) => heads[index]?.data),
      ),
    ]),
  );
}

function joined(
  id: string,
  shape: readonly number[],
  rows: readonly (Float32Array | undefined)[],
): NdArray<Float32Array> {
  const size = sizeOf(shape);
  const data = new Float32Array(rows.length * size);
  for (const [at, row] of rows.entries()) {
    if (row?.length !== size) {
      throw new KnownError(
        'model_mismatch',
        `The test model "${id}" gives outputs of several shapes.`,
      );
    }
    data.set(row, at * size);
  }
  return { shape: [rows.length, ...shape], data };
}
