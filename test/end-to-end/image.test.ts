import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { builtInModels } from '../../src/stand-in-server/built-in-models.ts';
import { type Hash, Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { f1AtHalf } from './f1.ts';

const IMAGES = new URL('../images/', import.meta.url);
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
const MODEL = { model_name: 'NuclearSegmentation', model_version: '6' };
/** A model that costs next to nothing: for how jobs run, not for what comes out. */
const LIGHT = { model_name: 'Doubling', model_version: '1' };
const FUNCTIONS = {
  preprocess_function: 'histogram_normalization',
  postprocess_function: 'deep_watershed',
};
const JOBS = 8;

const nuclei = new Uint8Array(readFileSync(new URL('nuclei-2d.tif', IMAGES)));
const builtIn = builtInModels();
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [...builtIn.models, doubling],
    environment: {
      COMPUTE_THREADS: '2',
      JOBS_IN_FLIGHT: String(JOBS),
      MAX_IMAGE_HEIGHT: '1024',
      MAX_IMAGE_WIDTH: '1024',
    },
  });
  await deployment.upload('uploads/nuclei.tif', nuclei);
  await deployment.upload(
    'uploads/small.tif',
    encodeTiff({ shape: [64, 64], data: new Float32Array(4096) }),
  );
});

after(async () => {
  await deployment.close();
  await builtIn.close();
});

async function runJob(fields: Hash): Promise<Hash> {
  const key = `image:job, with: signs/${Math.random()}`;
  await deployment.submit(key, fields);
  return deployment.ended(key);
}

test('nuclei of a real micrograph are found: F1 of at least 0.75 at IoU 0.5', async () => {
  const hash = await runJob({ ...MODEL, ...FUNCTIONS, input_file_name: 'uploads/nuclei.tif' });
  assert.equal(hash['status'], 'done', hash['reason']);
  const [[name, bytes] = ['', new Uint8Array()]] = await deployment.result(hash);
  assert.equal(name, 'uploads/nuclei_feature_0.tif');
  const labels = decodeImage({ bytes, name, limits: NO_LIMITS });
  const truth = decodeImage({
    bytes: new Uint8Array(readFileSync(new URL('nuclei-2d.labels.tif', IMAGES))),
    name: 'truth.tif',
    limits: NO_LIMITS,
  });
  assert.deepEqual(labels.shape, truth.shape);
  const f1 = f1AtHalf(labels.data, truth.data);
  assert.ok(f1 >= 0.75, `F1 is ${f1}`);
});

test('a job with the three fields of the original README ends with the fields of the contract', async () => {
  const started = Date.now();
  const hash = await runJob({ ...MODEL, input_file_name: 'uploads/small.tif' });
  const seconds = /^\d+(\.\d+)?(e-\d+)?$/;
  const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const expected: Readonly<Record<string, RegExp>> = {
    model_name: /^NuclearSegmentation$/,
    model_version: /^6$/,
    input_file_name: /^uploads\/small.tif$/,
    status: /^done$/,
    progress: /^100$/,
    scale: /^1$/,
    total_jobs: /^1$/,
    predict_retries: /^0$/,
    identity_started: /^pod-1$/,
    updated_by: /^pod-1$/,
    // Of our own: how the image was understood, and what is odd.
    input: /^\{"axes":.*"scale":1\}$/,
    warnings: /^Channel 0 is constant: all of its pixels are 0\.$/,
    // What claims need.
    attempts: /^1$/,
    claim_counted: /^1$/,
    claim_key: /^image:/,
    claim_owner: /^[0-9a-f]{32}@pod-1$/,
    claim_token: /^1$/,
    result_id: /^[0-9a-f]{32}$/,
    created_at: stamp,
    updated_at: stamp,
    finished_at: stamp,
    download_time: seconds,
    preprocess_time: seconds,
    prediction_time: seconds,
    postprocess_time: seconds,
    upload_time: seconds,
    total_time: seconds,
    output_file_name: /^output\/[0-9a-f]{32}\.zip$/,
    output_url: /^file:\/\/\/.*\/output\/[0-9a-f]{32}\.zip$/,
  };
  assert.deepEqual(Object.keys(hash).toSorted(), Object.keys(expected).toSorted());
  for (const [field, pattern] of Object.entries(expected))
    assert.match(hash[field] ?? '', pattern, field);
  assert.ok(Date.parse(hash['finished_at'] ?? '') >= started);
});

test('a job that runs again makes the same bytes under the same name', async () => {
  const fields = { ...MODEL, ...FUNCTIONS, input_file_name: 'uploads/nuclei.tif' };
  await deployment.submit('image:twice', fields);
  const first = await deployment.ended('image:twice');
  const bytes = readFileSync(`${deployment.folder}/${first['output_file_name']}`);
  await deployment.submit('image:twice', fields);
  const second = await deployment.ended('image:twice');
  assert.equal(second['output_file_name'], first['output_file_name']);
  assert.ok(readFileSync(`${deployment.folder}/${second['output_file_name']}`).equals(bytes));
});

const failures: readonly (readonly [what: string, fields: Hash, reason: RegExp])[] = [
  [
    'a damaged file',
    { input_file_name: 'uploads/cut.tif' },
    /^"uploads\/cut\.tif" is damaged: it ends too early\.$/,
  ],
  [
    'a missing object',
    { input_file_name: 'uploads/none.tif' },
    /^The bucket holds no "uploads\/none\.tif"\.$/,
  ],
  [
    'a key that leaves the bucket',
    { input_file_name: '../../etc/passwd' },
    /^"..\/..\/etc\/passwd" is not a name/,
  ],
  ['no file name', { input_file_name: '' }, /input_file_name is missing or empty/],
  [
    'a wrong file type',
    { input_file_name: 'uploads/a.ZIP' },
    /^Invalid filetype for "image" job\.$/,
  ],
  ['an unknown model', { model_name: 'Nothing' }, /Nothing/],
  [
    'a version that is none',
    { model_version: 'new' },
    /^model_version is "new", but must be a whole number\.$/,
  ],
  [
    'a model that takes other channels',
    { model_name: 'MultiplexSegmentation', model_version: '9' },
    /^Input data must have 2 channels\. Input data only has 1 channels$/,
  ],
  [
    'an image that is too large',
    { input_file_name: 'uploads/wide.tif' },
    /at most 1024 × 1024 are allowed/,
  ],
  [
    'a function that does not exist',
    { postprocess_function: 'retinanet' },
    /^postprocess_function names "retinanet", which is no longer supported; use one of deep_watershed/,
  ],
  [
    'a scale beyond the limits',
    { scale: '50' },
    /^scale is "50", but must be a number from 0\.1 to 10\.$/,
  ],
];

for (const [what, fields, reason] of failures) {
  test(`${what} fails with a reason in one line, and the consumer goes on`, async () => {
    await deployment.upload('uploads/cut.tif', nuclei.slice(0, 3000));
    await deployment.upload(
      'uploads/wide.tif',
      encodeTiff({ shape: [2, 1200], data: new Float32Array(2400) }),
    );
    const hash = await runJob({ ...MODEL, input_file_name: 'uploads/small.tif', ...fields });
    assert.equal(hash['status'], 'failed');
    assert.match(hash['reason'] ?? '', reason);
    assert.doesNotMatch(hash['reason'] ?? '', /\n/);
    assert.equal(
      (await runJob({ ...MODEL, input_file_name: 'uploads/small.tif' }))['status'],
      'done',
    );
  });
}

test('keys without a hash, or with a finished one, are dropped and nothing is written', async () => {
  await deployment.redis.hset('image:finished', { status: 'done', output_url: 'kept' });
  await deployment.redis.lpush(deployment.queue, 'image:gone', 'image:finished');
  await deployment.until(
    async () => (await held()) + (await deployment.redis.llen(deployment.queue)) === 0 || undefined,
  );
  assert.equal(await deployment.redis.exists('image:gone'), 0);
  assert.deepEqual(await deployment.redis.hgetall('image:finished'), {
    status: 'done',
    output_url: 'kept',
  });
});

const held = (): Promise<number> => deployment.redis.llen(`processing-${deployment.queue}:pod-1`);

test('200 jobs at once all end done, never more held than permits, and nothing is left behind', async () => {
  const keys = Array.from({ length: 200 }, (_, n) => `image:many:${n}`);
  const pipeline = deployment.redis.pipeline();
  for (const key of keys) {
    pipeline
      .hset(key, { ...LIGHT, status: 'new', input_file_name: 'uploads/small.tif' })
      .lpush(deployment.queue, key);
  }
  await pipeline.exec();
  let most = 0;
  // However slow the machine is: it fails only when no job ends for a minute.
  for (let left = keys.length; left > 0;) {
    left = await deployment.until(async () => {
      const inWork = await held();
      most = Math.max(most, inWork);
      const now = inWork + (await deployment.redis.llen(deployment.queue));
      return now < left ? now : undefined;
    });
  }
  assert.ok(most > 1 && most <= JOBS, `${most} jobs were held`);
  const statuses = await Promise.all(keys.map((key) => deployment.redis.hget(key, 'status')));
  assert.deepEqual(new Set(statuses), new Set(['done']));
  assert.equal(await deployment.redis.exists(`processing-${deployment.queue}:pod-1`), 0);
});
