import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';

const MODEL = { model_name: 'Doubling', model_version: '1' };
const image = encodeTiff({ shape: [64, 64], data: new Float32Array(4096) });
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({ models: [doubling], environment: { COMPUTE_THREADS: '2' } });
  await deployment.upload('uploads/a.tif', image);
  await deployment.upload('uploads/damaged.tif', image.subarray(0, 100));
});

after(() => deployment.close());

/** The samples of a scrape by their names and labels. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const [, port] = /"httpPort":(\d+)/.exec(deployment.log) ?? [];
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      // The queue stands on every series.
      const name = line
        .slice(0, end)
        .replace(/queue="image",|,?queue="image"/, '')
        .replace('{}', '');
      return [name, Number(line.slice(end))];
    }),
  );
}

const FAILED = 'kiosk_jobs_total{outcome="failed",code="corrupt_image"}';
const FROM_THE_START = [
  'kiosk_jobs_total{outcome="done",code=""}',
  FAILED,
  'kiosk_stage_errors_total{stage="predict",code="model_server_unavailable"}',
  'kiosk_stage_retries_total{stage="download",code="bucket_unavailable"}',
  'kiosk_stage_busy_seconds_total{stage="upload"}',
  'kiosk_jobs_recovered_total{by="start"}',
  'kiosk_intake_errors_total{code="redis_unreachable"}',
  'kiosk_redis_write_errors_total{code="redis_unreachable"}',
  'kiosk_compute_threads_lost_total',
];

test('the first scrape shows counters before their first event, the pool, the process and its event loop', async () => {
  const samples = await scrape();
  for (const name of FROM_THE_START) assert.equal(samples.get(name), 0, name);
  assert.equal(samples.get('kiosk_compute_threads'), 2);
  assert.equal(samples.get('kiosk_compute_threads_busy'), 0);
  assert.equal(samples.get('kiosk_kernels_waiting'), 0);
  assert.ok(samples.has('process_resident_memory_bytes'));
  assert.ok(samples.has('nodejs_eventloop_lag_p99_seconds'));
});

test('stages tell the bytes that they move, kernels their time and their failures', async () => {
  await deployment.submit('image:1', { ...MODEL, input_file_name: 'uploads/a.tif' });
  const hash = await deployment.ended('image:1');
  assert.equal(hash['status'], 'done', hash['reason']);
  await deployment.submit('image:2', { ...MODEL, input_file_name: 'uploads/damaged.tif' });
  await deployment.ended('image:2');
  // Who asks soon after another gets the same answer.
  const samples = await deployment.until(async () => {
    const answer = await scrape();
    return answer.get(FAILED) === 1 ? answer : undefined;
  });
  const bytes = (stage: string, direction: string): number | undefined =>
    samples.get(`kiosk_stage_bytes_total{stage="${stage}",direction="${direction}"}`);
  assert.equal(bytes('download', 'in'), image.length + 100);
  assert.equal(bytes('download', 'out'), undefined);
  assert.equal(bytes('decode', 'in'), image.length);
  assert.equal(bytes('decode', 'out'), 64 * 64 * 4);
  const archive = await stat(join(deployment.folder, hash['output_file_name'] ?? ''));
  assert.equal(bytes('upload', 'out'), archive.size);
  assert.ok((bytes('predict', 'out') ?? 0) >= 64 * 64 * 4);
  // The model answers with as many values as it gets.
  assert.equal(bytes('predict', 'in'), bytes('predict', 'out'));
  assert.equal(samples.get('kiosk_kernel_duration_seconds_count{kernel="decodeImage"}'), 1);
  assert.equal(samples.get('kiosk_kernel_duration_seconds_count{kernel="packFile"}'), 1);
  assert.ok((samples.get('kiosk_kernel_wait_seconds_count') ?? 0) > 2);
});
