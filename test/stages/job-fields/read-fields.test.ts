import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Job } from '../../../src/job/job.ts';
import { field, readChannelSlots } from '../../../src/stages/job-fields/read-fields.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const job = (fields: Job['fields']): Job => sampleJob({ fields });

describe('field', () => {
  it('is the text without the blanks around it', () => {
    assert.equal(field(job({ scale: ' 0.5\n' }), 'scale'), '0.5');
  });

  it('is absent when it is empty, which is what the frontend writes for a value that it has not', () => {
    for (const fields of [{}, { scale: '' }, { scale: '  ' }])
      assert.equal(field(job(fields), 'scale'), undefined);
  });
});

describe('readChannelSlots', () => {
  const slots = (channels: string | undefined, available = 3): unknown =>
    readChannelSlots(job(channels === undefined ? {} : { channels }), 3, available).map(
      ({ slot, channel }) => [slot, channel],
    );

  it('takes the position for the model and the number for the channel', () => {
    assert.deepEqual(slots('0,'), [[0, 0]]);
    assert.deepEqual(slots(',0'), [[1, 0]]);
    assert.deepEqual(slots('2, 1 ,0'), [
      [0, 2],
      [1, 1],
      [2, 0],
    ]);
    // What a frame of a movie asks for.
    assert.deepEqual(slots('0,,', 1), [[0, 0]]);
  });

  it('takes the first channel for the first model where the job says nothing', () => {
    for (const nothing of [undefined, '', ' ']) assert.deepEqual(slots(nothing, 1), [[0, 0]]);
  });

  it('takes the last channel, and refuses the one after it', () => {
    assert.deepEqual(slots('2'), [[0, 2]]);
    assert.throws(() => slots('3'), {
      code: 'invalid_job',
      message: 'channels is "3", but "3" is no channel of the image, which has 3 (0 to 2).',
    });
  });

  it('refuses what is no channel number', () => {
    for (const word of ['-1', '0.5', 'red', '1e9', 'NaN', '0x'])
      assert.throws(() => slots(word), {
        code: 'invalid_job',
        message: /is no channel of the image/,
      });
  });

  it('refuses positions for which there is no model, and a list that names nothing', () => {
    const message = /must name a channel in one of its 3 positions, as in "0,"/;
    assert.throws(() => slots(',,,0'), { code: 'invalid_job', message });
    assert.throws(() => slots(',,'), { code: 'invalid_job', message });
    assert.deepEqual(slots('0,,,'), [[0, 0]]);
  });

  it('refuses more channels than the image has, also where one is named again', () => {
    assert.throws(() => slots('0,0', 1), {
      code: 'wrong_dimensions',
      message: 'channels is "0,0" and names 2 channels, but the image has 1.',
    });
  });
});
