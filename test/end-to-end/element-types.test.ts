import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { TensorType } from '../../src/ports.ts';
import { builtInModels } from '../../src/stand-in-server/built-in-models.ts';
import type { ServedModel, Tensors } from '../../src/stand-in-server/served-model.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';

const LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
const SIZE = 256;

/** To 8 bits, by arithmetic: the distance between neighbours is the power of two below, divided by 128. */
function toBfloat16(value: number): number {
  const step = value === 0 ? 1 : 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
  const whole = Math.floor(value / step);
  const rest = value / step - whole;
  const isUp = rest > 0.5 || (rest === 0.5 && whole % 2 !== 0);
  return (whole + (isUp ? 1 : 0)) * step;
}

const ROUNDINGS = { bfloat16: toBfloat16, float16: Math.f16round } as const;
type Rounded = keyof typeof ROUNDINGS;
const TYPES = Object.keys(ROUNDINGS) as Rounded[];

const builtIn = builtInModels();
let deployment: Deployment;

/** The nuclear model, under another name. */
function nuclei(name: string, change: (model: ServedModel) => Partial<ServedModel>): ServedModel {
  const model = builtIn.models.find((one) => one.name === 'NuclearSegmentation');
  assert.ok(model);
  return { ...model, name, ...change(model) };
}

/** Its outputs travel in another type. */
function typed(type: TensorType): ServedModel {
  return nuclei(type, ({ outputs }) => ({ outputs: outputs.map((info) => ({ ...info, type })) }));
}

/** Its outputs are float32, and have the values of another type. */
function rounded(type: Rounded): ServedModel {
  return nuclei(`${type}-values`, (model) => ({
    async predict(inputs): Promise<Tensors> {
      const outputs = await model.predict(inputs);
      return new Map(
        Array.from(outputs, ([name, { shape, data }]) => [
          name,
          { shape, data: data.map((value) => ROUNDINGS[type](value)) },
        ]),
      );
    },
  }));
}

/** The corner of a real micrograph. */
function corner(): Uint8Array {
  const bytes = new Uint8Array(readFileSync(new URL('../images/nuclei-2d.tif', import.meta.url)));
  const { shape, data } = decodeImage({ bytes, name: 'nuclei.tif', limits: LIMITS });
  const width = shape[1] ?? SIZE;
  const at = (pixel: number): number => data[Math.floor(pixel / SIZE) * width + (pixel % SIZE)];
  const pixels = Float32Array.from({ length: SIZE * SIZE }, (_, pixel) => at(pixel));
  return encodeTiff({ shape: [SIZE, SIZE], data: pixels });
}

before(async () => {
  deployment = await Deployment.open({
    models: TYPES.flatMap((type) => [typed(type), rounded(type)]),
    environment: { JOBS_IN_FLIGHT: '4' },
  });
  await deployment.upload('uploads/nuclei.tif', corner());
});
after(async () => {
  await deployment.close();
  await builtIn.close();
});

async function labels(model: string): Promise<Float32Array> {
  const key = `image:types:${model}`;
  await deployment.submit(key, {
    model_name: model,
    model_version: '6',
    preprocess_function: 'histogram_normalization',
    postprocess_function: 'deep_watershed',
    input_file_name: 'uploads/nuclei.tif',
  });
  const hash = await deployment.ended(key);
  assert.equal(hash['status'], 'done', hash['reason']);
  const [[name, bytes] = ['', new Uint8Array()]] = await deployment.result(hash);
  return Float32Array.from(decodeImage({ bytes, name, limits: LIMITS }).data);
}

for (const type of TYPES) {
  test(`outputs of ${type} make the same labels as the same values in float32`, async () => {
    const [found, expected] = await Promise.all([labels(type), labels(`${type}-values`)]);
    assert.ok(found.some((label) => label > 10));
    assert.deepEqual(found, expected);
  });
}
