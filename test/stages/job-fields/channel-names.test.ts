import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  channelNamesOf,
  withChannelNumbers,
} from '../../../src/stages/job-fields/channel-names.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const names = ['DAPI', 'Membrane', '488', 'GFP', 'gfp'];

const numbersOf = (channels: string, known: readonly string[] = names): string | undefined =>
  withChannelNumbers(sampleJob({ fields: { channels } }), known).fields['channels'];

test('names become numbers, in whatever case where that is clear', () => {
  assert.equal(numbersOf('DAPI,'), '0,');
  assert.equal(numbersOf(' membrane , dapi'), '1,0');
  assert.equal(numbersOf('GFP,gfp'), '3,4');
});

test('a number of a channel stays one; another may be a name', () => {
  assert.equal(numbersOf('2,0'), '2,0');
  assert.equal(numbersOf('488'), '2');
  assert.equal(numbersOf('7'), '7');
});

test('a name that the file does not have is refused with those that it has', () => {
  assert.throws(() => numbersOf('DAPPI,'), {
    code: 'invalid_job',
    message:
      'channels is "DAPPI,", but the file has no channel "DAPPI", or several: it has DAPI, Membrane, 488, GFP, gfp.',
  });
  assert.throws(() => numbersOf('Gfp'), { code: 'invalid_job' });
});

test('where the file names no channels, or the job gives none, nothing is changed', () => {
  assert.equal(numbersOf('DAPI,', []), 'DAPI,');
  const job = sampleJob({ fields: {} });
  assert.equal(withChannelNumbers(job, names), job);
});

test('names belong to the channels of the file only', () => {
  const image = { shape: [2, 3, 8, 8], axes: 'TCYX', channelNames: ['a', 'b', 'c'] };
  assert.deepEqual(channelNamesOf(image, 'BCXY'), ['a', 'b', 'c']);
  assert.deepEqual(channelNamesOf(image, 'CBXY'), []);
  assert.deepEqual(channelNamesOf(image, 'CCXY'), []);
  assert.deepEqual(channelNamesOf({ ...image, channelNames: ['a', 'b'] }, 'BCXY'), []);
  assert.deepEqual(channelNamesOf({ ...image, axes: 'CTYX' }, 'BCXY'), []);
  assert.deepEqual(channelNamesOf({ ...image, axes: 'TSYX' }, 'BCXY'), []);
});

test('a single channel has its name, though no axis', () => {
  const image = { shape: [3, 8, 8], axes: 'TYX', channelNames: ['DAPI'] };
  assert.deepEqual(channelNamesOf(image, 'BXY'), ['DAPI']);
  assert.deepEqual(channelNamesOf({ ...image, shape: [8, 8], axes: 'YX' }, 'XY'), ['DAPI']);
  assert.deepEqual(channelNamesOf(image, 'CXY'), []);
  assert.deepEqual(channelNamesOf({ ...image, channelNames: ['a', 'b', 'c'] }, 'BXY'), []);
});

test('pages with names are channels by these names, where they are taken for channels', () => {
  const image = { shape: [3, 8, 8], axes: 'IYX', channelNames: ['a', 'b', 'c'] };
  assert.deepEqual(channelNamesOf(image, 'CXY'), ['a', 'b', 'c']);
  assert.deepEqual(channelNamesOf(image, 'BXY'), []);
});
