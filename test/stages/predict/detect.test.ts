import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { detectLabel, detectScale } from '../../../src/stages/predict/detect.ts';
import type { TensorType } from '../../../src/ports.ts';
import type { ServedModel } from '../../../src/stand-in-server/served-model.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const model = { name: 'Detect', version: 1 };
const image = { shape: [1, 16, 16, 1], data: new Float32Array(256).fill(1) };

/** A model that answers the same for each tile. */
function answering(...outputs: readonly (readonly number[])[]): InProcessModels {
  return taking('float32', ...outputs);
}

function taking(type: TensorType, ...outputs: readonly (readonly number[])[]): InProcessModels {
  const served: ServedModel = {
    ...model,
    inputs: [{ name: 'image', type, shape: [-1, 16, 16, 1] }],
    outputs: outputs.map((values, at) => ({
      name: `out${at}`,
      type: 'float32',
      shape: [-1, values.length],
    })),
    predict: (inputs) => {
      const rows = inputs.get('image')?.shape[0] ?? 0;
      return new Map(
        outputs.map((values, at) => [
          `out${at}`,
          {
            shape: [rows, values.length],
            data: Float32Array.from({ length: rows * values.length }, (_, n) => {
              return values[n % values.length] ?? 0;
            }),
          },
        ]),
      );
    },
  };
  return new InProcessModels(served);
}

const contextOf = (models: InProcessModels): Parameters<typeof detectScale>[2] =>
  stageContext({ models, compute: new InlinePool(kernels) }).context;

test('the scale is what the model says of the tiles', async () => {
  assert.equal(await detectScale(model, image, contextOf(answering([0.5]))), 0.5);
});

test('the label is the likeliest class', async () => {
  assert.equal(await detectLabel(model, image, contextOf(answering([0.1, 0.2, 0.7]))), 2);
});

test('a model with another number of outputs is refused in words', async () => {
  await assert.rejects(detectScale(model, image, contextOf(answering([1], [2]))), {
    code: 'model_mismatch',
    message: 'Model Detect:1 gave 2 outputs; one was expected.',
  });
});

test('a normalized image, which would be cut off to 0, is refused for a model of whole numbers', async () => {
  const faint = { ...image, data: new Float32Array(256).fill(0.5) };
  await assert.rejects(detectScale(model, faint, contextOf(taking('uint8', [0.5]))), {
    code: 'model_mismatch',
    message: /takes uint8, but the values of the image are fractions/,
  });
});
