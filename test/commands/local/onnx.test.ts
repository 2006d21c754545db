import assert from 'node:assert/strict';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { copyModels, localIn, localWithOnnx } from './local-with-onnx.ts';

const FAKE = join(import.meta.dirname, '../../fakes/onnxruntime-node');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk onnx-'));
  await mkdir(join(folder, 'images'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(FAKE, join(folder, 'node_modules', 'onnxruntime-node'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file takes the place of the model; when it has changed, images are done again', async () => {
  const first = await localWithOnnx(folder);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /nuclei\.onnx as NuclearSegmentation:6 takes image \(256 × 256 × 1\)/);
  assert.match(first.stdout, /\n[1-9]\d* cells found\./);
  await utimes(join(folder, 'nuclei.onnx'), 1, 1);
  const changed = await localIn(folder, ['--models', 'nuclei.onnx']);
  assert.match(changed.stdout, /^1 done, 0 failed\./);
});

test('what a model computes comes out to the last digit, of an image of one tile', async () => {
  const shape = [256, 256] as const;
  // Twice such a number is float32 exactly.
  const data = Float32Array.from({ length: 256 * 256 }, (_, at) => ((at * 7919) % 1009) / 8);
  await writeFile(join(folder, 'images', 'a.tif'), encodeTiff({ shape, data }));
  await copyModels(folder, ['any-size.onnx']);
  const words = ['-w', 'image', '-f', 'model_name=Twice', '-f', 'model_version=1'];
  const { code, stderr } = await localIn(folder, [...words, '--models', 'any-size.onnx']);
  assert.equal(code, 0, stderr);
  const results = join(folder, 'results', 'a');
  const file = (await readdir(results)).find((name) => name.endsWith('_0.tif')) ?? '';
  const bytes = new Uint8Array(await readFile(join(results, file)));
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: Infinity };
  const found = decodeImage({ bytes, name: file, limits });
  assert.deepEqual(
    Array.from(found.data, Number),
    Array.from(data, (value) => 2 * value),
  );
});

const NONE = /^Starting [^\n]+\n/;

for (const [models, code, said] of [
  ['none.onnx', 2, 'There is no file "none.onnx".'],
  ['text.onnx', 2, '"text.onnx" cannot be loaded as an ONNX model: Protobuf parsing failed.'],
  [
    'channels-last.onnx',
    1,
    'channels-last.onnx cannot be used as NuclearSegmentation:6: It takes images of 2 channels, and these jobs give it 1 channel.',
  ],
  [
    'any-size.onnx',
    1,
    'any-size.onnx cannot be used as SpotDetection:7: output_list was length 1, expecting length 2',
  ],
  ['127.0.0.1:1', 1, 'No model server answers: 127.0.0.1:1 refused the connection.'],
] as const) {
  test(`${models} is refused before there is any job`, async () => {
    const image = encodeTiff({ shape: [20, 20], data: new Float32Array(400) });
    await writeFile(join(folder, 'images', 'a.tif'), image);
    await copyModels(folder, ['any-size.onnx', 'channels-last.onnx']);
    await writeFile(join(folder, 'text.onnx'), 'no model');
    const workflow = said.includes('Spot') ? ['-w', 'spot'] : [];
    const ended = await localIn(folder, ['--models', models, ...workflow]);
    assert.equal(ended.stderr.replace(NONE, ''), `${said}\n`);
    assert.equal(ended.code, code);
    assert.equal(ended.stdout, '');
  });
}

test('without onnxruntime-node it is told how to get it, and nothing is started', async () => {
  await rm(join(folder, 'node_modules'), { recursive: true });
  const { code, stderr } = await localWithOnnx(folder);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^ONNX files need onnxruntime-node, which is not installed\. In the folder /,
  );
  assert.match(stderr, /: npm install onnxruntime-node \(300 MB\)\.\n$/);
});
