import assert from 'node:assert/strict';
import { test } from 'node:test';
import { polarisChildren } from '../../../src/stages/polaris/polaris-children.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const children = (channels: string, segmentation_type: string) =>
  polarisChildren(sampleJob({ fields: { channels, segmentation_type } }));

const spots = (channel: number) => ({
  finds: 'spots',
  queue: 'spot',
  channels: [channel],
  fields: {},
});

test('cell culture has a segmentation for nuclei and for cytoplasm, each where its channel is named', () => {
  const nuclei = {
    finds: 'nuclei',
    queue: 'segmentation',
    channels: [1],
    fields: { channels: '0,' },
  };
  const cytoplasm = {
    finds: 'cytoplasm',
    queue: 'segmentation',
    channels: [2],
    fields: { channels: ',0' },
  };
  assert.deepEqual(children('0,1,2', 'cell culture'), [spots(0), nuclei, cytoplasm]);
  assert.deepEqual(children(' 0 , 1 ,', 'Cell Culture'), [spots(0), nuclei]);
  assert.deepEqual(children('0,,2', 'cell culture'), [spots(0), cytoplasm]);
  assert.throws(() => children('0', 'cell culture'), {
    code: 'invalid_job',
    message:
      'channels is "0", but must name a channel of nuclei or cytoplasm for cell culture, as in "0,1,".',
  });
});

test('tissue has one mesmer job of both channels', () => {
  const cells = { finds: 'cells', queue: 'mesmer', channels: [2, 1], fields: {} };
  assert.deepEqual(children('0,2,1', 'tissue'), [spots(0), cells]);
  assert.throws(() => children('0,1,', 'tissue'), {
    message: /must name channels of spots, nuclei and membranes for tissue, as in "0,1,2"/,
  });
});

test('without cells there are only the spots, which are in channel 0 if nothing is said', () => {
  assert.deepEqual(children('3', 'none'), [spots(3)]);
  assert.deepEqual(children('', ''), [spots(0)]);
  assert.deepEqual(children('', 'none'), [spots(0)]);
});

test('channels and types that cannot be meant are refused with what is allowed', () => {
  const refused = (channels: string, type: string, message: RegExp): void =>
    assert.throws(() => children(channels, type), { code: 'invalid_job', message });
  refused(
    '0,1',
    '',
    /^segmentation_type is "", but must be one of "cell culture", "tissue", "none"\.$/,
  );
  refused('0', 'organ', /^segmentation_type is "organ"/);
  refused(',1', 'cell culture', /must name the channel of the spots first/);
  refused('0,1,2,3', 'tissue', /must not name more than three channels/);
  refused('0,-1', 'cell culture', /must be whole numbers, as in "0,1,2"/);
  assert.equal(children('0,1,2,', 'tissue').length, 2);
});
