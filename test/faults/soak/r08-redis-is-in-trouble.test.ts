import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../../harness/stages/obedient-behind-proxy.ts';

let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let deployment: BehindProxy['deployment'];

beforeEach(async () => {
  behind = await openBehindProxy();
  ({ deployment, proxy } = behind);
});
afterEach(() => behind.close());

const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1000));

async function submitAndHold(): Promise<string[]> {
  const keys = await submitFiles(deployment, ['wait-1.tif', 'wait-2.tif']);
  const isHeld = async (): Promise<true | undefined> =>
    (await deployment.redis.llen('processing-image:pod-1')) === 2 || undefined;
  await deployment.until(isHeld);
  return keys;
}

test('R8: 200 ms a command are only slow', async () => {
  proxy.delayMs = 100;
  const keys = await submitFiles(deployment, ['copy-1.tif', 'copy-2.tif', 'copy-3.tif']);
  await allDone(deployment, keys);
  assert.deepEqual(await deployment.consumer.notReady(), {});
});

test('R8: a Redis that is busy with a script of somebody else is waited for', async () => {
  await deployment.redis.config('SET', 'busy-reply-threshold', '100');
  const keys = await submitAndHold();
  const blocked = deployment.redis.duplicate();
  const loop = blocked.eval('while true do end', 0).catch(() => undefined);
  const why = await deployment.until(async () => (await deployment.consumer.notReady())['redis']);
  assert.match(why, /BUSY|stopped responding|timed out/);
  await seconds(3);
  await deployment.redis.script('KILL');
  await loop;
  blocked.disconnect();
  await allDone(deployment, keys);
});

test('R8: a Redis that is full takes the outcome later, and fails no job', async () => {
  const keys = await submitAndHold();
  await deployment.redis.config('SET', 'maxmemory', '1');
  await deployment.consumer.says('Could not write to Redis');
  const lines = deployment.consumer.log.split('\n').length;
  await seconds(3);
  const more = deployment.consumer.log.split('\n').length - lines;
  assert.ok(more < 10, `${more} lines in 3 s`);
  for (const key of keys) assert.equal(await deployment.redis.hget(key, 'status'), 'started');
  await deployment.redis.config('SET', 'maxmemory', '0');
  const hashes = await allDone(deployment, keys);
  for (const { attempts } of hashes) assert.equal(attempts, '1');
});

/** A right or a password that was taken away does not come back by itself: the process ends, and Kubernetes starts it with pauses. */
for (const [what, take, giveBack, code] of [
  [
    'password is changed',
    ['CONFIG', 'SET', 'requirepass', 'new'],
    ['CONFIG', 'SET', 'requirepass', ''],
    'redis_auth',
  ],
  [
    'right to write is taken away',
    ['ACL', 'SETUSER', 'default', '-hset'],
    ['ACL', 'SETUSER', 'default', '+hset'],
    'redis_permission',
  ],
] as const) {
  test(`R8: when its ${what} the consumer says so, ends, and the jobs are done once it is right again`, async () => {
    const keys = await submitAndHold();
    const [first, ...words] = take;
    await deployment.redis.call(first, ...words);
    proxy.cut();
    assert.equal(await deployment.consumer.ended(), 1, deployment.log);
    const [line = '', ...more] = deployment.consumer.lines('"level":"fatal"');
    assert.match(line, new RegExp(`"code":"${code}"`));
    assert.deepEqual(more, []);
    assert.ok(deployment.consumer.lines(code).length < 20, deployment.log);
    const [again, ...others] = giveBack;
    await deployment.redis.call(again, ...others);
    await deployment.start();
    await allDone(deployment, keys);
  });
}
