import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RedisPair } from '../../chaos/redis-pair.ts';
import { Deployment } from '../../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../../harness/stages/obedient-workflow.ts';
import { until } from '../../harness/until.ts';

/** After this the Sentinel takes a master for down (redis-pair.ts). */
const DOWN_AFTER_SECONDS = 3;
const TARGET_SECONDS = DOWN_AFTER_SECONDS + 10;
/** A Sentinel that gets no turn on a busy machine does nothing for half a minute, and tries again after twice its time limit. */
const FAIL_OVER_MS = 90_000;
let pair: RedisPair;
let deployment: Deployment;

beforeEach(async () => {
  pair = await RedisPair.start();
  deployment = await Deployment.open({
    models: [],
    redis: { port: pair.sentinelPort, client: pair.client(), close: () => pair.close() },
    environment: OBEDIENT,
  });
});
afterEach(() => deployment.close());

/** What happens to the master, and whether the replica takes its place because of it. */
const FAULTS: Readonly<Record<string, () => Promise<unknown>>> = {
  'is killed': () => pair.killMaster(),
  'is told to hand over': () => pair.failOver(),
  'hangs without closing a connection': () => pair.pauseMaster(),
};

for (const [what, happen] of Object.entries(FAULTS)) {
  test(`R7: a master that ${what} is followed by its replica, jobs in work are settled there, and later ones too`, async () => {
    const keys = await submitFiles(deployment, ['wait-1.tif', 'wait-2.tif', 'copy-1.tif']);
    await until(
      async () => (await deployment.redis.hget('image:wait-2.tif', 'status')) === 'started',
    );
    await pair.settled();
    const master = await pair.named();
    await happen();
    await until(async () => (await pair.named()) !== master, FAIL_OVER_MS);
    const promotedAt = performance.now();
    await deployment.until(
      async () => Object.keys(await deployment.consumer.notReady()).length === 0 || undefined,
    );
    // What the old master takes between the promotion and its own demotion, Redis never replicates.
    await until(() => pair.leadsToMaster(deployment.redis), FAIL_OVER_MS);
    const later = await submitFiles(deployment, ['copy-2.tif', 'copy-3.tif']);
    await allDone(deployment, [...keys, ...later]);
    const seconds = (performance.now() - promotedAt) / 1000;
    assert.ok(seconds < TARGET_SECONDS, `${seconds} s after the promotion`);
    assert.ok(!deployment.consumer.hasEnded, deployment.log);
  });
}

test('R7: UNBLOCKED, READONLY and MASTERDOWN end no loop and fail no job', async () => {
  const [busy = ''] = await submitFiles(deployment, ['wait-8.tif']);
  await until(async () => (await deployment.redis.hget(busy, 'status')) === 'started');
  const { redis } = deployment;
  for (const line of String(await redis.client('LIST')).split('\n')) {
    const [, id] = /^id=(\d+) .*cmd=brpoplpush/i.exec(line) ?? [];
    if (id !== undefined) await redis.client('UNBLOCK', Number(id), 'ERROR');
  }
  const direct = await pair.direct();
  // Nobody is to hand over meanwhile: the Sentinel would make it a master again.
  pair.pauseSentinel();
  await direct.config('SET', 'replica-serve-stale-data', 'no');
  await direct.replicaof('127.0.0.1', 1);
  const why = await deployment.until(async () => (await deployment.consumer.notReady())['redis']);
  assert.match(why, /MASTERDOWN|READONLY/);
  await delay(3000);
  await direct.config('SET', 'replica-serve-stale-data', 'yes');
  await delay(2000);
  await direct.replicaof('NO', 'ONE');
  pair.resumeSentinel();
  direct.disconnect();
  const later = await submitFiles(deployment, ['copy-1.tif']);
  await allDone(deployment, [busy, ...later]);
  assert.ok(!deployment.consumer.hasEnded, deployment.log);
});
