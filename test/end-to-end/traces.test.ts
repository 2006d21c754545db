import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Station, doubling } from '../fakes/consumer-process.ts';
import { TraceCollector } from '../fakes/trace-collector.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

test('a job is a span, and each of its stages one below it, in the trace that its hash names', async (context) => {
  const collector = await TraceCollector.open();
  context.after(() => collector.close());
  const station = await Station.open({
    models: [doubling],
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  context.after(() => station.close());
  await station.upload(
    'uploads/a.tif',
    encodeTiff({ shape: [32, 32], data: new Float32Array(1024) }),
  );
  await station.submit('image:1', {
    input_file_name: 'uploads/a.tif',
    model_name: 'Doubling',
    model_version: '1',
    traceparent: `00-${TRACE}-${PARENT}-01`,
  });
  const hash = await station.ended('image:1');
  assert.equal(hash['status'], 'done', hash['reason']);
  await station.signal('SIGTERM');

  const job = collector.spans.find(({ name }) => name === 'image job');
  assert.equal(job?.trace, TRACE);
  assert.equal(job.parent, PARENT);
  const stages = collector.spans.filter(({ parent }) => parent === job.id);
  assert.deepEqual(
    stages.map(({ name }) => name),
    ['download', 'decode', 'plan', 'preprocess', 'predict', 'postprocess', 'package', 'upload'],
  );
  assert.deepEqual([...new Set(stages.map(({ trace }) => trace))], [TRACE]);
});

test('a collector that is away costs one line of the log, and no job', async (context) => {
  const station = await Station.open({
    models: [doubling],
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
  });
  context.after(() => station.close());
  for (const number of [1, 2, 3]) {
    await station.submit(`image:${number}`, { input_file_name: 'uploads/none.tif' });
    await station.ended(`image:${number}`);
  }
  assert.equal(await station.signal('SIGTERM'), 0);
  assert.ok(station.log.split('Traces could not be sent').length <= 2, station.log);
});
