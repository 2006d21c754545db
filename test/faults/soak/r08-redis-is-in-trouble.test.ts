import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../../harness/stages/obedient-behind-proxy.ts';

let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let station: BehindProxy['station'];

beforeEach(async () => {
  behind = await openBehindProxy();
  ({ station, proxy } = behind);
});
afterEach(() => behind.close());

const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, count * 1000));

async function submitAndHold(): Promise<string[]> {
  const keys = await submitFiles(station, ['wait-1.tif', 'wait-2.tif']);
  const isHeld = async (): Promise<true | undefined> =>
    (await station.redis.llen('processing-image:pod-1')) === 2 || undefined;
  await station.until(isHeld);
  return keys;
}

test('R8: 200 ms a command are only slow', async () => {
  proxy.delayMs = 100;
  const keys = await submitFiles(station, ['copy-1.tif', 'copy-2.tif', 'copy-3.tif']);
  await allDone(station, keys);
  assert.deepEqual(await station.consumer.notReady(), {});
});

test('R8: a Redis that is busy with a script of somebody else is waited for', async () => {
  await station.redis.config('SET', 'busy-reply-threshold', '100');
  const keys = await submitAndHold();
  const blocked = station.redis.duplicate();
  const loop = blocked.eval('while true do end', 0).catch(() => undefined);
  const why = await station.until(async () => (await station.consumer.notReady())['redis']);
  assert.match(why, /BUSY|stopped responding|timed out/);
  await seconds(3);
  await station.redis.script('KILL');
  await loop;
  blocked.disconnect();
  await allDone(station, keys);
});

test('R8: a Redis that is full takes the outcome later, and fails no job', async () => {
  const keys = await submitAndHold();
  await station.redis.config('SET', 'maxmemory', '1');
  await station.consumer.says('Could not write to Redis');
  const lines = station.consumer.log.split('\n').length;
  await seconds(3);
  const more = station.consumer.log.split('\n').length - lines;
  assert.ok(more < 10, `${more} lines in 3 s`);
  for (const key of keys) assert.equal(await station.redis.hget(key, 'status'), 'started');
  await station.redis.config('SET', 'maxmemory', '0');
  const hashes = await allDone(station, keys);
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
    await station.redis.call(first, ...words);
    proxy.cut();
    assert.equal(await station.consumer.ended(), 1, station.log);
    const [line = '', ...more] = station.consumer.lines('"level":"fatal"');
    assert.match(line, new RegExp(`"code":"${code}"`));
    assert.deepEqual(more, []);
    assert.ok(station.consumer.lines(code).length < 20, station.log);
    const [again, ...others] = giveBack;
    await station.redis.call(again, ...others);
    await station.start();
    await allDone(station, keys);
  });
}
