import assert from 'node:assert/strict';
import { test } from 'node:test';
import { polarisChildren } from '../../../src/stages/polaris/polaris-children.ts';
import {
  imagesOf,
  partsNote,
  partsOf,
  wordsForPart,
} from '../../../src/stages/polaris/polaris-parts.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const asked = { channels: '0,1,2', segmentation_type: 'cell culture' };

test('a join finds what the split has noted, whatever the job says of its channels', () => {
  const note = partsNote(polarisChildren(sampleJob({ fields: asked })), 4);
  assert.deepEqual(note, { 'children:finds': 'spots,nuclei,cytoplasm', 'children:images': '4' });
  for (const channels of ['FISH,DAPI,Mem', 'no, such, channel', '']) {
    const job = sampleJob({ fields: { ...asked, ...note, channels } });
    assert.deepEqual(partsOf(job), ['spots', 'nuclei', 'cytoplasm']);
    assert.equal(imagesOf(job), 4);
  }
});

test('a job that an earlier release has split says by its channels what its children find', () => {
  const job = sampleJob({ fields: asked });
  assert.deepEqual(partsOf(job), ['spots', 'nuclei', 'cytoplasm']);
  assert.equal(imagesOf(job), undefined);
});

test('of tissue every place after the first is a mesmer job', () => {
  assert.equal(wordsForPart(['spots', 'cells'], 0), 'The spot job that looks for spots');
  assert.equal(wordsForPart(['spots', 'cells'], 3), 'The mesmer job that looks for cells');
});
