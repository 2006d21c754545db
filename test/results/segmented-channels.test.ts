import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentedChannels } from '../../src/results/segmented-channels.ts';

const image = { channelNames: ['DAPI', 'Actin', 'GFP'], count: 3 };

test('each label image belongs to the channel that the job names in its place', () => {
  const fields = { channels: ',2,1' };
  assert.deepEqual(segmentedChannels({ fields, feature: 0, ...image }), [2]);
  assert.deepEqual(segmentedChannels({ fields, feature: 1, ...image }), [1]);
  assert.deepEqual(segmentedChannels({ fields: { channels: 'actin' }, feature: 0, ...image }), [1]);
  assert.deepEqual(segmentedChannels({ fields: {}, feature: 0, ...image }), [0]);
});

test('what the consumer says it used counts more than what the job asked for', () => {
  const fields = { channels: '0,', input: JSON.stringify({ channels: [{ channel: 2 }] }) };
  assert.deepEqual(segmentedChannels({ fields, feature: 0, ...image }), [2]);
});

test('mesmer sees its channels together', () => {
  const fields = { channels: '2,0', dim_order: 'CYX' };
  assert.deepEqual(segmentedChannels({ fields, feature: 0, ...image }), [2, 0]);
  const none = { dim_order: 'CYX' };
  assert.deepEqual(segmentedChannels({ fields: none, feature: 1, ...image }), [0, 1]);
});

test('a channel that the image does not have is none', () => {
  const fields = { channels: '7' };
  assert.deepEqual(segmentedChannels({ fields, feature: 5, ...image }), [2]);
});
