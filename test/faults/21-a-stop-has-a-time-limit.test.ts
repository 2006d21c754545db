import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

const GRACE_SECONDS = 1;
/** For jobs to go back and connections to close. */
const REST_SECONDS = 5;
let deployment: Deployment;
let redisPid: number;

before(async () => {
  deployment = await Deployment.open({
    models: [doubling],
    environment: { SHUTDOWN_GRACE: String(GRACE_SECONDS) },
  });
  const { process_id: pid = '' } =
    /process_id:(?<process_id>\d+)/.exec(await deployment.redis.info('server'))?.groups ?? {};
  redisPid = Number(pid);
});

after(async () => {
  process.kill(redisPid, 'SIGCONT');
  await deployment.close();
});

test('with a Redis that hangs, SIGTERM ends the consumer soon after the grace', async () => {
  const image = { shape: [40, 50], data: new Float32Array(2000) };
  await deployment.upload('uploads/a.tif', encodeTiff(image));
  deployment.models.script([{ type: 'mute' }]);
  for (const key of ['image:1', 'image:2', 'image:3']) {
    await deployment.submit(key, {
      model_name: 'Doubling',
      model_version: '1',
      input_file_name: 'uploads/a.tif',
    });
  }
  await deployment.until(
    async () => (await deployment.redis.hget('image:3', 'status')) === 'predicting' || undefined,
  );
  process.kill(redisPid, 'SIGSTOP');
  let code: number | null = null;
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    code = await deployment.signal('SIGTERM');
  });
  assert.ok(seconds < GRACE_SECONDS + REST_SECONDS, `${seconds} s`);
  // The jobs are still ours: the exit code says that something was left to be recovered.
  assert.equal(code, 1, deployment.log);
  assert.match(deployment.log, /SIGTERM: taking no more jobs; 3 in work get 1 s/);
  assert.match(deployment.log, /Something does not end: ending now/);
});
