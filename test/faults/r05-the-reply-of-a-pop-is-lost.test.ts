import { after, before, test } from 'node:test';
import { startRedis } from '../../scripts/start-redis.ts';
import { Station } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';
import { until } from '../harness/until.ts';
import { FlakyProxy } from '../proxies/tcp-fault-proxy.ts';

/** The target is a minute; the intake looks for strays right after a failure. */
const PATIENCE_MS = 60_000;
let proxy: FlakyProxy;
let station: Station;

before(async () => {
  const redis = await startRedis();
  proxy = await FlakyProxy.start(redis.port);
  station = await Station.open({
    models: [],
    redis,
    environment: { ...OBEDIENT, REDIS_PORT: String(proxy.port) },
  });
});
after(async () => {
  await station.close();
  await proxy.close();
});

test('R5: a key that Redis moved, and whose reply was lost before the link was reset, is found and done', async () => {
  await until(async () => /cmd=brpoplpush/i.test(String(await station.redis.client('LIST'))));
  proxy.freeze();
  const keys = await submitFiles(station, ['copy-stray.tif', 'copy-next.tif']);
  await until(async () => (await station.redis.llen('processing-image:pod-1')) === 1);
  proxy.cut();
  await allDone(station, keys, PATIENCE_MS);
});
