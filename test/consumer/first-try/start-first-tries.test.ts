import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment, doubling } from '../../harness/processes/consumer-process.ts';
import { until } from '../../harness/until.ts';

let deployment: Deployment;
before(async () => {
  deployment = await Deployment.open({ models: [doubling], consumer: false });
});
after(() => deployment.close());

test('a consumer without its bucket and model goes on, and says so once in the log and in /ready', async () => {
  const consumer = await deployment.startBeside({
    HOSTNAME: 'pod-2',
    CONSUMER_TYPE: 'mesmer',
    QUEUE: 'mesmer',
    STORAGE_BUCKET: 's3://nobody',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
  });
  await until(async () => {
    const why = await consumer.notReady();
    const areTried = !Object.values(why).some((reason) => reason.includes('not been tried yet'));
    return areTried && Object.keys(why).join() === 'bucket,models';
  });
  const { bucket = '', models = '' } = await consumer.notReady();
  assert.match(bucket, /s3:\/\/nobody cannot be used now: ECONNREFUSED.*STORAGE_BUCKET/);
  assert.match(models, /has no MultiplexSegmentation:9.*MESMER_MODEL/);
  await until(async () => consumer.lines('"level":"warn"').length > 1);
  assert.equal(consumer.lines('STORAGE_BUCKET,').length, 1, consumer.log);
  assert.equal(consumer.lines('set MESMER_MODEL').length, 1, consumer.log);
  assert.equal(consumer.hasEnded, false);
  assert.equal(await consumer.signal('SIGTERM'), 0);
});

test('a model that some jobs need is a warning: the consumer is ready', async () => {
  const consumer = await deployment.startBeside({ HOSTNAME: 'pod-3' });
  await until(async () => (await consumer.get('/ready')).status === 200);
  const { text } = await consumer.get('/ready');
  assert.match(text, /"warnings":\[".*NUCLEAR_MODEL/);
});

test('where all is well the log has no word about it', async () => {
  const consumer = await deployment.startBeside({ HOSTNAME: 'pod-4', CONSUMER_TYPE: 'zip' });
  await until(async () => (await consumer.get('/ready')).status === 200);
  assert.doesNotMatch(consumer.log, /"level":"(warn|error)"|bucket_|not been tried/);
});
