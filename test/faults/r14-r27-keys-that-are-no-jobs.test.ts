import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { nothingLeft, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

const NAME = { input_file_name: 'uploads/copy.tif' };
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({ models: [], environment: OBEDIENT });
});
after(() => deployment.close());

test('R14: a job that has ended and is queued again is dropped, and its hash stays as it is', async () => {
  const ends = {
    'image:done': { ...NAME, status: 'done', output_url: 'kept' },
    'image:failed': { ...NAME, status: 'failed', reason: 'kept' },
  };
  for (const [key, fields] of Object.entries(ends)) await deployment.submit(key, fields);
  await nothingLeft(deployment);
  for (const [key, fields] of Object.entries(ends)) {
    const { created_at: at, ...rest } = await deployment.redis.hgetall(key);
    assert.ok(at);
    assert.deepEqual(rest, fields);
  }
});

test('R27: keys without a hash, with a text or a list instead, and those that expire in work are dropped', async () => {
  const { redis } = deployment;
  await redis.set('image:text', 'x');
  await redis.rpush('image:list', 'x');
  for (const key of ['image:gone', 'image:text', 'image:list']) await redis.lpush('image', key);
  const [brief = ''] = await submitFiles(deployment, ['wait-1.tif']);
  await redis.pexpire(brief, 500);
  await deployment.until(async () => (await redis.exists(brief)) === 0 || undefined);
  await nothingLeft(deployment);
  assert.equal(await redis.exists('image:gone', brief), 0);
  assert.equal(await redis.type('image:text'), 'string');
  assert.deepEqual(await redis.lrange('image:list', 0, -1), ['x']);
});

test('R27: fields of ten megabytes, of no use, or of bytes that are no text harm nobody', async () => {
  const { redis } = deployment;
  await deployment.upload('uploads/copy.tif', Buffer.from('x'));
  const long = 'y'.repeat(10 * 2 ** 20);
  await deployment.submit('image:long', { ...NAME, label: long });
  await deployment.submit('image:empty', { input_file_name: '' });
  await deployment.submit('image:many', {
    ...NAME,
    ...Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`field ${n}`, `${n}`])),
  });
  await redis.hset('image:bytes', { ...NAME, status: 'new', label: Buffer.from([0xff, 0, 0xc3]) });
  await redis.lpush('image', 'image:bytes');
  const tooLong = await deployment.ended('image:long');
  assert.match(
    tooLong['reason'] ?? '',
    /^The field label of the job is too long; 64 KiB are allowed/,
  );
  assert.match((await deployment.ended('image:empty'))['reason'] ?? '', /names no image/);
  for (const key of ['image:many', 'image:bytes'])
    assert.equal((await deployment.ended(key))['status'], 'done', key);
  assert.deepEqual(await redis.hgetBuffer('image:bytes', 'label'), Buffer.from([0xff, 0, 0xc3]));
  await nothingLeft(deployment);
  assert.ok(!deployment.consumer.hasEnded);
});

test('R27: a job that was renamed while it was in the queue is gone, and the next one is done', async () => {
  await deployment.redis.hset('image:renamed', { status: 'new', ...NAME });
  await deployment.redis.lpush('image', 'image:before');
  await nothingLeft(deployment);
  assert.equal(await deployment.redis.hget('image:renamed', 'status'), 'new');
  await allDoneOf('copy-after.tif');
});

async function allDoneOf(name: string): Promise<void> {
  const known = new Set(await deployment.objects());
  const [key = ''] = await submitFiles(deployment, [name]);
  const hash = await deployment.ended(key);
  assert.equal(hash['status'], 'done');
  const made = (await deployment.objects()).filter((one) => !known.has(one));
  assert.deepEqual(made, [hash['output_file_name']]);
}
