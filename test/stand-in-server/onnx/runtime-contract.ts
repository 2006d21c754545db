import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { KnownError } from '../../../src/errors.ts';
import { openOnnxModels } from '../../../src/stand-in-server/onnx/onnx-models.ts';

const MODELS = join(import.meta.dirname, 'models');

interface Expected {
  readonly input: { readonly shape: readonly number[]; readonly data: readonly number[] };
  readonly outputs: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
}

/** What numpy computes: make-models.py. */
// The script writes this shape.
const EXPECTED = JSON.parse(await readFile(join(MODELS, 'expected.json'), 'utf8')) as Readonly<
  Record<string, Expected>
>;

const REFUSED = {
  'bytes-in':
    /^Input image of ".+" has elements of type uint8, but must be of float32 or float16\.$/,
  'whole-numbers-out':
    /^Output classes of ".+" has elements of type int64, but must be of float32 /,
  'two-inputs': /" has 2 inputs \(image, scale\); it must have one, the image\.$/,
  'batch-of-4': /" takes 4 images at a time \(image has shape \[4, 17, 18, 1\]\)\. Export it with /,
  'three-axes':
    /" takes image of shape \[N, 17, 18\]; four axes are needed: batch, rows, columns, /,
  'no-channels': /" takes image of shape \[N, A, B, C\], which does not say where its channels are/,
  'small-tiles': /" takes image of shape \[N, 2, 6, 2\], which does not say where its channels are/,
  misnumbered:
    /^The outputs of ".+" stand in the order out_2, out_1, which their numbers contradict/,
  'one-size': /" fails on a tile of 256 × 256 with 1 channel: .*cannot be reshaped/,
  cube: /^Output out of ".+" is 20 × 20 × 20: which of these are its channels cannot be told\.$/,
  'batch-last':
    /^Output out of ".+" has the shape \[17, 18, 1, 1\] for one tile; its first axis must /,
} as const;

/** What holds for onnxruntime-node, the real one and the one in test/fakes. */
export function runtimeContract(title: string, runtime: () => string): void {
  const open = (file: string): ReturnType<typeof openOnnxModels> =>
    openOnnxModels([{ name: 'Mine', version: 3, file }], { runtime: runtime(), threads: 1 });

  describe(title, () => {
    for (const [name, { input, outputs }] of Object.entries(EXPECTED)) {
      test(`${name}.onnx gives what numpy computes, for each tile of a batch`, async () => {
        const opened = await open(join(MODELS, `${name}.onnx`));
        try {
          const [model] = opened.models;
          assert.ok(model);
          const [taken] = model.inputs;
          assert.deepEqual(taken?.shape, [-1, ...input.shape.slice(1)]);
          const image = { shape: input.shape, data: Float32Array.from(input.data) };
          const given = await model.predict(new Map([[taken.name, image]]));
          assert.deepEqual([...given.keys()], Object.keys(outputs));
          assert.deepEqual(
            model.outputs.map((one) => one.name),
            Object.keys(outputs),
          );
          for (const [output, { shape, data }] of Object.entries(outputs)) {
            const found = given.get(output);
            assert.deepEqual(found?.shape, shape, output);
            for (const [at, value] of data.entries()) {
              const difference = Math.abs((found.data[at] ?? NaN) - value);
              assert.ok(difference <= 1e-6, `${output}[${at}]`);
            }
          }
        } finally {
          await opened.close();
        }
      });
    }

    test('a model of any size gets tiles of 256 × 256, and a missing axis of channels', async () => {
      const opened = await open(join(MODELS, 'any-size.onnx'));
      const [model] = opened.models;
      await opened.close();
      assert.deepEqual(model?.inputs[0]?.shape, [-1, 256, 256, 1]);
      assert.deepEqual(model?.outputs[0]?.shape, [-1, 256, 256, 1]);
    });

    for (const [name, said] of Object.entries(REFUSED)) {
      test(`${name}.onnx is refused`, () =>
        assert.rejects(open(join(MODELS, `${name}.onnx`)), (error: KnownError) => {
          assert.equal(error.code, 'bad_usage');
          assert.match(error.message, said);
          return true;
        }));
    }

    test('what is no ONNX file, and no file, is refused', async () => {
      await assert.rejects(
        open(join(MODELS, 'expected.json')),
        /" cannot be loaded as an ONNX model: Protobuf parsing failed\.$/,
      );
      await assert.rejects(open(join(MODELS, 'none.onnx')), /There is no file ".+none\.onnx"\.$/);
      await assert.rejects(open(MODELS), /No file is ".+models"\.$/);
    });
  });
}
