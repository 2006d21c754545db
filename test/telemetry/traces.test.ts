import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { Collector } from './collector.ts';

const STAGES = [
  'download',
  'describe',
  'decode',
  'plan',
  'preprocess',
  'predict',
  'postprocess',
  'package',
  'upload',
];
const MODEL = { model_name: 'Doubling', model_version: '1', input_file_name: 'uploads/a.tif' };
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

let collector: Collector;
let deployment: Deployment;

before(async () => {
  collector = await Collector.open();
  deployment = await Deployment.open({
    models: [doubling],
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20secret',
      OTEL_SERVICE_NAME: 'segmenter',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test%20bench,service.name=other',
    },
  });
  await deployment.upload(
    'uploads/a.tif',
    encodeTiff({ shape: [64, 64], data: new Float32Array(4096) }),
  );
});

after(async () => {
  await deployment.close();
  await collector.close();
});

/** Runs jobs to their end, then stops the consumer: what it has not sent by then is lost. */
async function runAll(jobs: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  for (const [key, fields] of Object.entries(jobs)) await deployment.submit(key, fields);
  for (const key of Object.keys(jobs)) await deployment.ended(key);
  assert.equal(await deployment.signal('SIGTERM'), 0, deployment.log);
}

test('each job is a trace: a span of its own, and below it one for each stage', async () => {
  const began = BigInt(Date.now()) * 1_000_000n;
  await runAll({
    'image:alone': MODEL,
    'image:called': { ...MODEL, traceparent: `00-${TRACE}-${CALLER}-01` },
    'image:missing': { ...MODEL, input_file_name: 'uploads/none.tif' },
  });
  const ended = BigInt(Date.now() + 1) * 1_000_000n;

  const [root, ...stages] = collector.ofJob('image:alone');
  assert.equal(root?.name, 'job image');
  assert.equal(root.parentId, '');
  assert.equal(root.statusCode, 0n);
  assert.equal(root.attributes['kiosk.queue'], 'image');
  assert.equal(root.attributes['kiosk.job.outcome'], 'done');
  assert.deepEqual(
    stages.map(({ name }) => name),
    STAGES.map((stage) => `stage ${stage}`),
  );
  const times = stages.flatMap(({ start, end }) => [start, end]);
  const inOrder = [began, root.start, ...times, root.end, ended];
  assert.ok(
    inOrder.every((time, index) => index === 0 || time >= (inOrder[index - 1] ?? 0n)),
    inOrder.join(' '),
  );
  assert.deepEqual(new Set(stages.map(({ traceId }) => traceId)), new Set([root.traceId]));

  const [called] = collector.ofJob('image:called');
  assert.equal(called?.traceId, TRACE);
  assert.equal(called.parentId, CALLER);

  const [failed, download, ...others] = collector.ofJob('image:missing');
  assert.equal(failed?.attributes['kiosk.job.outcome'], 'failed');
  assert.equal(failed.attributes['error.type'], 'missing_object');
  assert.equal(failed.statusCode, 2n);
  assert.equal(download?.name, 'stage download');
  assert.equal(download.statusCode, 2n);
  assert.match(download.statusMessage, /none\.tif/);
  assert.deepEqual(others, []);
});

test('the standard variables say who sends the traces, and with which headers', () => {
  const { path, key } = collector.requests[0] ?? {};
  assert.equal(path, '/v1/traces');
  assert.equal(key, 'a secret');
  const resource = collector.spans[0]?.resource ?? {};
  assert.equal(resource['service.name'], 'segmenter');
  assert.equal(resource['deployment.environment.name'], 'test bench');
  assert.equal(resource['service.instance.id'], 'pod-1');
});

test('the lines of a job carry its trace', () => {
  const lines = deployment.log
    .split('\n')
    .filter((line) => line.includes('"job":"image:called"'))
    .map((line): unknown => JSON.parse(line));
  assert.ok(lines.length >= 2, deployment.log);
  for (const line of lines) assert.partialDeepStrictEqual(line, { trace_id: TRACE });
});
