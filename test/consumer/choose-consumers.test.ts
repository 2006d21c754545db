import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../src/consumer/settings/read-settings.ts';
import { KnownError } from '../../src/errors.ts';

async function served(environment: Readonly<Record<string, string>>): Promise<string[]> {
  const { consumers } = await readSettings(environment);
  return consumers.map(({ workflow, queue }) => `${workflow.name} on ${queue}`);
}

async function refusal(consumers: string): Promise<unknown> {
  const error: unknown = await readSettings({ CONSUMERS: consumers }).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof KnownError);
  return error.details['problems'];
}

test('without CONSUMERS a process serves CONSUMER_TYPE on QUEUE, as ever', async () => {
  assert.deepEqual(await served({}), ['image on predict']);
  assert.deepEqual(await served({ CONSUMER_TYPE: 'ZIP', QUEUE: 'Mesmer' }), ['zip on mesmer-zip']);
});

test('each entry has a queue of the name that it is given by, or that follows a colon', async () => {
  const consumers = 'segmentation, multiplex, Image:Predict, zip:segmentation';
  assert.deepEqual(await served({ CONSUMERS: consumers }), [
    'segmentation on segmentation',
    'mesmer on multiplex',
    'image on predict',
    'zip on segmentation-zip',
  ]);
});

test('one workflow may serve several queues', async () => {
  assert.deepEqual(await served({ CONSUMERS: 'mesmer,mesmer:plates' }), [
    'mesmer on mesmer',
    'mesmer on plates',
  ]);
});

test('what is wrong with an entry is said in a sentence', async () => {
  assert.deepEqual(await refusal('mesmr,spot'), [
    'CONSUMERS names the workflow "mesmr", which does not exist; there are image, predict, segmentation, mesmer, multiplex, spot, zip, caliban, tracking, polaris. Did you mean mesmer?',
  ]);
  assert.deepEqual(await refusal('spot,image:spot'), [
    'CONSUMERS names the queue "spot" twice; a queue has one workflow.',
  ]);
  assert.deepEqual(await refusal('zip:'), [
    'CONSUMERS does not say which queue "zip" is for; write, say, zip:segmentation.',
  ]);
  assert.deepEqual(await refusal('zip'), await refusal('zip:'));
});

test('settings of all workflows are read, each variable once', async () => {
  const { inForce, concurrency } = await readSettings({
    CONSUMERS: 'segmentation,mesmer,zip:mesmer',
  });
  const names = inForce.map(({ name }) => name);
  for (const name of [
    'NUCLEAR_MODEL',
    'MESMER_MODEL',
    'MAX_ARCHIVE_ENTRIES',
    'PREDICT_CONCURRENCY',
  ]) {
    assert.equal(names.filter((one) => one === name).length, 1, name);
  }
  assert.ok(
    concurrency.has('split_archive') || concurrency.has('splitArchive') || concurrency.size > 9,
  );
});

test('CONSUMER_TYPE and QUEUE beside CONSUMERS are warned of', async () => {
  const { warnings } = await readSettings({ CONSUMERS: 'spot', QUEUE: 'spots' });
  assert.ok(
    warnings.includes('QUEUE has no effect: CONSUMERS says what this process serves.'),
    warnings.join('\n'),
  );
});
