import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { sizeOf } from '../../src/imaging/array.ts';
import { builtInModels } from '../../src/stand-in-server/built-in-models.ts';

const builtIn = builtInModels({ threads: 1 });
after(() => builtIn.close());

/** Names, versions and inputs that the workflows expect by default. */
const EXPECTED = [
  'NuclearSegmentation:6 -1,256,256,1 -> semantic_0 -1,256,256,1; semantic_1 -1,256,256,1',
  'CytoplasmSegmentation:5 -1,256,256,1 -> semantic_0 -1,256,256,1; semantic_1 -1,256,256,1',
  'PhaseCytoSegmentation:0 -1,256,256,1 -> semantic_0 -1,256,256,1; semantic_1 -1,256,256,1',
  'MultiplexSegmentation:9 -1,256,256,2 -> semantic_0 -1,256,256,1; semantic_1 -1,256,256,3; semantic_2 -1,256,256,1; semantic_3 -1,256,256,3',
  'SpotDetection:3 -1,128,128,1 -> classification -1,128,128,2; offset_regression -1,128,128,2',
  'ScaleDetection:1 -1,216,216,1 -> scale -1,1',
  'LabelDetection:1 -1,216,216,1 -> label -1,3',
];

test('the models that the workflows ask for are there', () => {
  const described = builtIn.models.map(({ name, version, inputs, outputs }) => {
    const made = outputs.map((output) => `${output.name} ${output.shape?.join()}`);
    return `${name}:${version} ${inputs.map(({ shape }) => shape?.join()).join('; ')} -> ${made.join('; ')}`;
  });
  for (const expected of EXPECTED) assert.ok(described.includes(expected), expected);
});

describe('a batch of two different rows', () => {
  // Those of several inputs have a test of their own: tracking-models.test.ts.
  for (const model of builtIn.models.filter(({ inputs }) => inputs.length === 1)) {
    test(`${model.name}:${model.version}`, async () => {
      const [input] = model.inputs;
      assert.ok(input?.shape);
      const shape = [2, ...input.shape.slice(1).map((axis) => (axis < 0 ? 70 : axis))];
      const length = sizeOf(shape) / 2;
      const data = Float32Array.from(
        { length: 2 * length },
        (_, at) => (((at % length) * 7919) % 101) / 100,
      );
      data.fill(0, length);
      const outputs = await model.predict(new Map([[input.name, { shape, data }]]));
      assert.deepEqual(
        [...outputs.keys()],
        model.outputs.map(({ name }) => name),
      );
      for (const { name, shape: declared } of model.outputs) {
        const output = outputs.get(name);
        assert.ok(output);
        assert.deepEqual(
          output.shape,
          declared?.map((axis, at) => (axis < 0 ? (shape[at] ?? 0) : axis)),
        );
        assert.equal(output.data.length, sizeOf(output.shape));
        assert.ok(output.data.every(Number.isFinite));
      }
    });
  }
});
