import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Deployment } from '../../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../../harness/stages/obedient-workflow.ts';
import type { RunningConsumer } from '../../harness/processes/running-consumer.ts';

/** Longer than a lease (20 s) and than peers take to notice that it has run out (5 s). */
const PAUSE_MS = 60_000;
let deployment: Deployment;
let peer: RunningConsumer;

before(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, JOBS_IN_FLIGHT: '1' },
  });
  peer = await deployment.startBeside({ HOSTNAME: 'pod-2' });
});
after(() => deployment.close());

const started = (key: string) => async (): Promise<true | undefined> =>
  (await deployment.redis.hget(key, 'status')) === 'started' || undefined;

/** The consumer that works on a job, and the other. */
async function holderOf(key: string): Promise<[RunningConsumer, RunningConsumer]> {
  await deployment.until(started(key));
  const host = await deployment.redis.hget(key, 'identity_started');
  return host === 'pod-1' ? [deployment.consumer, peer] : [peer, deployment.consumer];
}

test('R15: a pod that was stopped for a minute writes nothing about a job that another has done', async () => {
  const [key = ''] = await submitFiles(deployment, ['wait-10.tif']);
  const [stopped, other] = await holderOf(key);
  stopped.pause();
  await delay(PAUSE_MS);
  const [hash] = await allDone(deployment, [key]);
  assert.ok(other.lines('"msg":"Done"').length === 1, other.log);
  stopped.resume();
  // It goes on with the job, and ends it: in vain.
  await deployment.until(
    async () => stopped.lines('"msg":"Nothing to do"').length > 0 || undefined,
  );
  assert.deepEqual(await deployment.redis.hgetall(key), hash);
  await allDone(deployment, [key]);
});

test('R26: a job that blocks the event loop for a minute is fenced, given up after the third time, and the others are done elsewhere', async () => {
  const [blocker = ''] = await submitFiles(deployment, ['block-60.tif']);
  const [blocked] = await holderOf(blocker);
  const earlier = blocked.lines('"msg":"Nothing to do"').length;
  const others = await submitFiles(deployment, ['copy-4.tif', 'copy-5.tif', 'copy-6.tif']);
  for (const key of others) assert.equal((await deployment.ended(key))['status'], 'done');
  // The lease of the blocked one runs out; the other begins the job again, and is blocked then too.
  const isBegunAgain = async (): Promise<true | undefined> =>
    (await deployment.redis.hget(blocker, 'attempts')) === '2' || undefined;
  await deployment.until(isBegunAgain);
  const isFenced = async (): Promise<true | undefined> =>
    blocked.lines('"msg":"Nothing to do"').length > earlier || undefined;
  await deployment.until(isFenced, 120_000);
  // It stops every worker for longer than a lease lasts: that cannot be told from a crash, and the third time it is given up.
  const { error_code: code } = await deployment.ended(blocker, 200_000);
  assert.equal(code, 'crashed_worker');
  await allDone(deployment, ['image:wait-10.tif', ...others]);
});
