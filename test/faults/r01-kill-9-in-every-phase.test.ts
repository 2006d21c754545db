import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRedis } from '../../scripts/start-redis.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { BucketDeployment } from '../harness/bucket/bucket-deployment.ts';
import { nothingLeft } from '../harness/stages/obedient-jobs.ts';
import { TcpFaultProxy } from '../proxies/tcp-fault-proxy.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

const FIELDS = {
  input_file_name: 'uploads/a.tif',
  original_name: 'a.tif',
  model_name: 'Doubling',
  model_version: '1',
};
let redisProxy: TcpFaultProxy;
let bucket: BucketDeployment;
/** What the job makes when nothing goes wrong. */
let calm: Buffer | undefined;

before(async () => {
  const redis = await startRedis();
  redisProxy = await TcpFaultProxy.start(redis.port);
  const environment = { CONSUMER_TYPE: 'image', REDIS_PORT: String(redisProxy.port) };
  bucket = await BucketDeployment.open(environment, redis);
  const data = Float32Array.from({ length: 2000 }, (_, at) => at % 251);
  const metadata = { name: 'uploads/a.tif' };
  const image = Buffer.from(encodeTiff({ shape: [40, 50], data }));
  bucket.store.objects.put(new URLSearchParams(), metadata, image);
  await bucket.deployment.submit('image:calm', FIELDS);
  calm = resultOf(await bucket.deployment.ended('image:calm'));
});
after(async () => {
  await bucket.close();
  await redisProxy.close();
});

function resultOf(hash: Readonly<Record<string, string>>): Buffer | undefined {
  return bucket.store.objects.get(hash['output_file_name'] ?? '')?.bytes;
}

/** The store takes requests of this kind and does not answer. */
function mute(kind: string): void {
  bucket.proxy.rule = (method) => (method === kind ? 'mute' : undefined);
}

const isStored = (key: string) => async (): Promise<true | undefined> => {
  const id = await bucket.deployment.redis.hget(key, 'result_id');
  return bucket.store.objects.get(`output/${id}.zip`) !== undefined || undefined;
};
const hasCome = (request: RegExp) => async (): Promise<true | undefined> =>
  bucket.proxy.requests.some((one) => request.test(one)) || undefined;
const isPredicting = (key: string) => async (): Promise<true | undefined> =>
  (await bucket.deployment.redis.hget(key, 'status')) === 'predicting' || undefined;

/** What holds the job up in each phase, and how one sees that it is there. */
const PHASES: Readonly<
  Record<string, (key: string) => { hold: () => void; isThere: () => Promise<true | undefined> }>
> = {
  download: () => ({
    hold: () => mute('GET'),
    isThere: hasCome(/^GET .*a\.tif/),
  }),
  prediction: (key) => ({
    hold: () => bucket.deployment.models.script([{ type: 'mute' }]),
    isThere: isPredicting(key),
  }),
  upload: () => ({
    hold: () => mute('POST'),
    isThere: hasCome(/^POST /),
  }),
  'time between the upload and the last write': (key) => ({
    hold: () => {
      bucket.proxy.rule = (method) => {
        if (method === 'POST') redisProxy.freeze();
        return undefined;
      };
    },
    isThere: isStored(key),
  }),
};

for (const [phase, begin] of Object.entries(PHASES)) {
  test(`R1: a process that is killed in its ${phase} does the job again, with one result`, async () => {
    const { deployment, proxy } = bucket;
    const key = `image:${phase}`;
    const { hold, isThere } = begin(key);
    proxy.requests.length = 0;
    hold();
    await deployment.submit(key, FIELDS);
    await deployment.until(isThere);
    await deployment.signal('SIGKILL');
    proxy.rule = () => undefined;
    deployment.models.script([]);

    await deployment.start();
    const seconds = await fairSeconds(deployment.consumer.pid, () =>
      deployment.until(
        async () => (await deployment.redis.hget(key, 'attempts')) === '2' || undefined,
      ),
    );
    assert.ok(seconds < 2, `claimed again ${seconds} s after the start`);
    const hash = await deployment.ended(key);
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.deepEqual(resultOf(hash), calm);
    assert.equal(hash['output_file_name'], `output/${hash['result_id']}.zip`);
    await nothingLeft(deployment);
  });
}
