import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModels } from '../../../../src/commands/local/models/read-models.ts';
import type { KnownError } from '../../../../src/errors.ts';

const NUCLEI = { name: 'NuclearSegmentation', version: 6 };
const CYTOPLASM = { name: 'CytoplasmSegmentation', version: 5 };

test('nothing, an address, and files', () => {
  assert.deepEqual(readModels([], [NUCLEI]), { kind: 'stand-in' });
  const server = { kind: 'server', host: 'gpu.lab', port: '8500' };
  assert.deepEqual(readModels(['gpu.lab:8500'], [NUCLEI, CYTOPLASM]), server);
  const nuclei = { ...NUCLEI, file: 'a b/=n.onnx' };
  const cytoplasm = { ...CYTOPLASM, file: 'c.ONNX' };
  for (const [words, needed, files] of [
    [['a b/=n.onnx'], [NUCLEI], [nuclei]],
    [['NuclearSegmentation=a b/=n.onnx'], [NUCLEI], [nuclei]],
    [
      ['CytoplasmSegmentation:5=c.ONNX', 'NuclearSegmentation:6=a b/=n.onnx'],
      [NUCLEI, CYTOPLASM],
      [cytoplasm, nuclei],
    ],
  ] as const) {
    assert.deepEqual(readModels(words, needed), { kind: 'onnx', files });
  }
});

for (const [words, said] of [
  [['nowhere'], '--models is "nowhere", but must be HOST:PORT or FILE.onnx.'],
  [['a:1', 'b:1'], '--models is given 2 times, but only ONNX files can be several.'],
  [
    ['n.onnx', 'b:1'],
    'These jobs run NuclearSegmentation:6, CytoplasmSegmentation:5: say which of them "n.onnx" is, as in --models NuclearSegmentation=n.onnx.',
  ],
  [
    ['CytoplasmSegmentation=n.onnx', 'b:1'],
    '--models is "b:1" beside ONNX files, but must be one too.',
  ],
  [
    ['NuclearSegmentation=n.onnx'],
    'These jobs run CytoplasmSegmentation:5 as well: give it a file too, as in --models CytoplasmSegmentation=model.onnx.',
  ],
  [
    ['NuclearSegmentaton=n.onnx'],
    '--models names NuclearSegmentaton, which these jobs do not run. Did you mean NuclearSegmentation? They run NuclearSegmentation:6, CytoplasmSegmentation:5.',
  ],
  [
    ['NuclearSegmentation:7=n.onnx'],
    '--models names NuclearSegmentation:7, which these jobs do not run. Did you mean NuclearSegmentation:6? They run NuclearSegmentation:6, CytoplasmSegmentation:5.',
  ],
  [
    ['NuclearSegmentation=n.onnx', 'CytoplasmSegmentation=c.onnx', 'NuclearSegmentation=m.onnx'],
    '--models names NuclearSegmentation:6 twice.',
  ],
] as const) {
  test(`refuses ${words.join(' ')}`, () => {
    assert.throws(
      () => readModels(words, [NUCLEI, CYTOPLASM]),
      (error: KnownError) => {
        assert.equal(error.code, 'bad_usage');
        assert.equal(error.message, said);
        return true;
      },
    );
  });
}
