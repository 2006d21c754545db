import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { describeInput, remarkOnOthers } from '../../../src/stages/job-fields/describe-input.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const raw = {
  shape: [2, 2, 1, 3],
  axes: 'TCYX',
  axesFrom: 'OME-XML',
  channelNames: ['DAPI', 'GFP'],
  sampleType: 'uint16',
  pixelSize: { x: 0.325, y: 0.325 },
};
const understood = {
  raw,
  order: 'BCXY',
  saidBy: 'file',
  available: 2,
  channels: [1],
  scale: 1 / 3,
} as const;

async function describe(data: readonly number[]) {
  const said = stageContext({ compute: new InlinePool(kernels) });
  const image = { shape: [2, 1, 3, 1], data: Float32Array.from(data) };
  await describeInput({ ...understood, images: [image] }, said.context);
  return said;
}

test('the hash says what the file has, what was used of it, its range and its scale', async () => {
  const { notes, warnings } = await describe([1, 2, 3, 4, 5, 4095]);
  assert.deepEqual(JSON.parse(String(notes['input'])), {
    axes: 'TCYX',
    shape: [2, 2, 1, 3],
    type: 'uint16',
    axesBy: 'OME-XML',
    images: 2,
    size: [1, 3],
    channelsOf: 2,
    channels: [{ channel: 1, name: 'GFP', min: 1, max: 4095 }],
    scale: 0.333333,
    pixelSize: { x: 0.325, y: 0.325 },
  });
  assert.deepEqual(warnings, []);
});

test('a channel of one value is warned of, in each image or in some', async () => {
  const some = await describe([7, 7, 7, 4, 5, 6]);
  assert.deepEqual(some.warnings, ['Channel 1 (GFP) is constant in 1 of 2 images.']);
  const said = stageContext({ compute: new InlinePool(kernels) });
  const image = { shape: [1, 1, 3, 1], data: new Float32Array(3) };
  const nameless = { ...raw, channelNames: [] };
  await describeInput({ ...understood, raw: nameless, images: [image] }, said.context);
  assert.deepEqual(said.warnings, ['Channel 1 is constant: all of its pixels are 0.']);
});

test('channels that nobody chose to leave out are told', () => {
  const told = ['2 other channels were not used; the field channels chooses.'];
  assert.deepEqual(remarkOnOthers(undefined, 3, 1), told);
  assert.deepEqual(remarkOnOthers('0,', 3, 1), told);
  assert.deepEqual(remarkOnOthers('1,', 3, 1), []);
  assert.deepEqual(remarkOnOthers(undefined, 1, 1), []);
  assert.match(remarkOnOthers(undefined, 2, 1).join(), /^1 other channel was not used/);
});
