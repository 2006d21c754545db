import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FieldRequest, readFields } from '../../../src/commands/submit/read-fields.ts';
import { WORKFLOWS } from '../../../src/workflows/index.ts';

function read(words: readonly string[], given: Partial<FieldRequest> = {}) {
  const request = { words, pixelSize: undefined, queue: 'segmentation', force: false, ...given };
  return readFields(request, WORKFLOWS);
}

test('fields that the workflow of the queue reads are taken, a pixel size among them', () => {
  assert.deepEqual(read(['channels=0,', 'scale='], { pixelSize: '0.325' }), {
    channels: '0,',
    scale: '',
    pixel_size: '0.325',
  });
});

test('a field that no workflow reads is refused with the one that was probably meant', () => {
  assert.throws(() => read(['channel=1']), {
    code: 'bad_usage',
    message:
      'segmentation does not read the field "channel". Did you mean channels? ' +
      'It reads channels, dimension_order, scale, pixel_size, label. --force sends it all the same.',
  });
  assert.deepEqual(read(['channel=1'], { force: true }), { channel: '1' });
  assert.throws(() => read(['channel=1'], { force: undefined }), {
    message: /pixel_size, label\.$/,
  });
});

test('a field of another workflow is refused with those that read it', () => {
  assert.throws(() => read(['compartment=nuclear']), {
    message: /^segmentation does not read the field "compartment" \(mesmer does\)\./,
  });
  assert.throws(() => read(['channels=1'], { queue: 'spot' }), {
    message: /\(image, [a-z, ]+, polaris do\)\. It reads none\. --force/,
  });
});

test('a value that cannot be right is refused with what may be', () => {
  for (const [word, queue, allowed] of [
    ['scale=big', 'segmentation', 'a number above 0, as in scale=0.5'],
    ['channels=0', 'mesmer', 'two of: '],
    ['compartment=cell', 'mesmer', 'one of whole-cell, nuclear, both'],
    ['dimension_order=ZYX', 'predict', 'one of XY, BXY'],
  ] as const) {
    const form = new RegExp(`^${word.replace('=', ' is "')}", but must be ${allowed}`);
    assert.throws(() => read([word], { queue }), { code: 'bad_usage', message: form }, word);
  }
  assert.throws(() => read([], { pixelSize: '0,3' }), { message: /^pixel_size is "0,3", but/ });
});

test('in a queue of any name each workflow may be the one that reads', () => {
  const queue = 'our-cells';
  assert.deepEqual(read(['compartment=nuclear', 'channels=5'], { queue }), {
    compartment: 'nuclear',
    channels: '5',
  });
  assert.throws(() => read(['chanels=5'], { queue }), {
    message:
      /^No workflow reads the field "chanels"\. Did you mean channels\? There are channels, /,
  });
});

test('a field has a name and a value, and none that submit writes', () => {
  assert.throws(() => read(['channels']), { message: /must be NAME=VALUE/ });
  assert.throws(() => read(['status=done'], { force: true }), {
    message: /submit writes it itself/,
  });
});
