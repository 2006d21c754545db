import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { BucketDeployment } from '../../harness/bucket/bucket-deployment.ts';
import { unzip } from '../../harness/processes/consumer-process.ts';
import { nothingLeft } from '../../harness/stages/obedient-jobs.ts';
import type { Fault } from '../../proxies/http-fault-proxy.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

const JOBS = 150;
const SEED = 20;
const BUDGET_SECONDS = 20;
const FAULTS: readonly Fault[] = [
  { status: 503, body: 'Slow down.' },
  { status: 429, body: 'Too many requests.' },
  { status: 500 },
  'reset',
  'truncate the answer',
  'reset the answer',
  'corrupt the answer',
];
let bucket: BucketDeployment;

beforeEach(async () => {
  bucket = await BucketDeployment.open({
    JOBS_IN_FLIGHT: '8',
    RETRY_BUDGET: String(BUDGET_SECONDS),
    STORAGE_MAX_BACKOFF: '2',
  });
});
afterEach(() => bucket.close());

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}.tif`);

/** All jobs are done, and each has stored its own bytes. */
async function allDone(keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const hash = await bucket.deployment.ended(key, 120_000);
    assert.equal(hash['status'], 'done', `${key}: ${hash['reason']}`);
    const object = bucket.store.objects.get(hash['output_file_name'] ?? '');
    const [bytes] = (await unzip(Buffer.from(object?.bytes ?? []))).values();
    assert.equal(Buffer.from(bytes ?? []).toString(), key.replace('image:', ''));
  }
  await nothingLeft(bucket.deployment);
}

test('R20: while three requests in ten fail, every job is done with its own bytes', async () => {
  const random = seededRandom(SEED);
  bucket.proxy.rule = (method) => {
    if (random() >= 0.3) return undefined;
    const faults = method === 'GET' ? FAULTS : [...FAULTS, 'reset the request' as const];
    return faults[Math.floor(random() * faults.length)];
  };
  await allDone(await bucket.submit(...names(JOBS)));
});

test('R20: an outage of three budgets fails no job and counts no attempt', async () => {
  const { proxy, deployment } = bucket;
  proxy.rule = () => 'reset';
  const keys = await bucket.submit(...names(20));
  await delay(3 * BUDGET_SECONDS * 1000);
  const { done = 0, failed = 0 } = await bucket.statuses(keys);
  assert.deepEqual({ done, failed }, { done: 0, failed: 0 });
  assert.equal(bucket.lines('"msg":"Taking no jobs').length, 1, 'it is told once');
  assert.ok(bucket.lines('"code":"remote_outage"').length > 0);
  assert.ok((await bucket.deployment.consumer.notReady())['bucket_read'] !== undefined);
  proxy.rule = () => undefined;
  await allDone(keys);
  for (const { attempts } of await bucket.hashes(keys)) assert.equal(attempts, '1');
  assert.deepEqual(await deployment.consumer.notReady(), {});
});

test('R20: what is never answered, or comes byte by byte, is given up and asked for again; what is not there or not allowed fails', async () => {
  const { proxy, deployment } = bucket;
  proxy.fail('GET', 'mute', 'trickle the answer');
  proxy.fail('POST', 'mute');
  const keys = await bucket.submit(...names(3));
  await allDone(keys);
  proxy.rule = (_, path) => (path.includes('secret') ? { status: 403, body: 'No.' } : undefined);
  const [secret = '', other = ''] = await bucket.submit('secret.tif', 'other.tif');
  await allDone([other]);
  const refused = await deployment.ended(secret, 60_000);
  assert.deepEqual([refused['error_code'], refused['attempts']], ['access_denied', '1']);
  await deployment.submit('image:none', { input_file_name: 'uploads/none.tif' });
  const none = await deployment.ended('image:none');
  assert.deepEqual([none['error_code'], none['attempts']], ['missing_object', '1']);
});
