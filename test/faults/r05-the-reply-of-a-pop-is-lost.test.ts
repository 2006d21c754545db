import { after, before, test } from 'node:test';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../harness/stages/obedient-behind-proxy.ts';
import { until } from '../harness/until.ts';

/** The target is a minute; the intake looks for strays right after a failure. */
const PATIENCE_MS = 60_000;
let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let deployment: BehindProxy['deployment'];

before(async () => {
  behind = await openBehindProxy();
  ({ deployment, proxy } = behind);
});
after(() => behind.close());

test('R5: a key that Redis moved, and whose reply was lost before the link was reset, is found and done', async () => {
  await until(async () => /cmd=brpoplpush/i.test(String(await deployment.redis.client('LIST'))));
  proxy.freeze();
  const keys = await submitFiles(deployment, ['copy-stray.tif', 'copy-next.tif']);
  await until(async () => (await deployment.redis.llen('processing-image:pod-1')) === 1);
  proxy.cut();
  await allDone(deployment, keys, PATIENCE_MS);
});
