import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { KnownError } from '../../../src/errors.ts';
import { METRICS } from '../../../src/telemetry/catalogue.ts';
import { openRecorders } from '../../../src/telemetry/metric.ts';
import { recordKernels } from '../../../src/telemetry/metrics/record-kernels.ts';

test('a kernel that ends its thread counts as a failure of its code, and the thread as lost', async () => {
  const registry = new Registry();
  const recorder = openRecorders(registry, Object.values(METRICS), ['image']).get('image');
  assert.ok(recorder);
  const record = recordKernels(recorder);
  const error = new KnownError('out_of_memory', 'Too much.');
  record({ type: 'kernel started', kernel: 'deepWatershed', waitedMs: 30 });
  record({ type: 'kernel ended', kernel: 'deepWatershed', ms: 400, error });
  record({ type: 'thread lost', kernel: 'deepWatershed' });
  const text = await registry.metrics();
  const lines = text
    .replaceAll(/,?queue="image"/g, '')
    .replaceAll('{}', '')
    .split('\n');
  for (const line of [
    'kiosk_kernel_errors_total{kernel="deepWatershed",code="out_of_memory"} 1',
    'kiosk_compute_threads_lost_total 1',
    'kiosk_kernel_wait_seconds_sum 0.03',
    'kiosk_kernel_duration_seconds_bucket{le="0.1",kernel="deepWatershed"} 0',
    'kiosk_kernel_duration_seconds_bucket{le="0.5",kernel="deepWatershed"} 1',
  ]) {
    assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
  }
});
