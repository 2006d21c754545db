import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Deployment } from '../../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../../harness/stages/obedient-workflow.ts';
import { RedisProcess } from '../../harness/processes/redis-process.ts';

/**
 * OUTAGE_MINUTES=10 is what may really happen. All that has a limit has passed after three minutes: commands (5 s), leases (20 s), the time in which peers renew
 * theirs (10 s), the longest pause between attempts to reconnect, and the 73 s after which the client library used to give up.
 */
const OUTAGE_MS = 60_000 * Number(process.env['OUTAGE_MINUTES'] ?? 3);
let redis: RedisProcess;
let deployment: Deployment;

before(async () => {
  redis = await RedisProcess.start();
  deployment = await Deployment.open({
    models: [],
    redis,
    environment: { ...OBEDIENT, JOBS_IN_FLIGHT: '4' },
  });
});
after(() => deployment.close());

test('R4: jobs in work go on while Redis is down, and are settled when it is back', async () => {
  const keys = await submitFiles(deployment, [
    'wait-5.tif',
    'wait-90.tif',
    `wait-${OUTAGE_MS / 1000 + 5}.tif`,
    'copy.tif',
    'wait-1.tif',
  ]);
  const inWork = keys.slice(0, 3);
  const areInWork = async (): Promise<true | undefined> => {
    const all = await Promise.all(inWork.map((key) => deployment.redis.hget(key, 'status')));
    return all.every((status) => status === 'started') || undefined;
  };
  await deployment.until(areInWork);
  await redis.kill();
  await delay(OUTAGE_MS);
  assert.ok(!deployment.consumer.hasEnded, deployment.log);
  const stored = (await deployment.objects()).length;
  assert.ok(stored >= 2, `${stored} results were stored meanwhile`);
  // Not more than a line a second and job.
  assert.ok(deployment.consumer.lines('"level":"error"').length < OUTAGE_MS / 1000);
  assert.notDeepEqual(await deployment.consumer.notReady(), {});
  await redis.restart();
  const backAt = performance.now();
  const [early = ''] = inWork;
  await deployment.ended(early);
  const seconds = (performance.now() - backAt) / 1000;
  assert.ok(
    seconds < 20,
    `a job that ended meanwhile was settled ${seconds} s after Redis was back`,
  );
  const hashes = await allDone(deployment, keys, 120_000);
  for (const { attempts } of hashes) assert.equal(attempts, '1');
  assert.deepEqual(await deployment.consumer.notReady(), {});
});
