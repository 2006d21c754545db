import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { type Hash, Station } from '../fakes/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';

interface Kind {
  readonly workflow: string;
  readonly fake: string;
  readonly environment: Hash;
  readonly shape: readonly number[];
  readonly fields: Hash;
  /** What this workflow writes besides the fields that all write. */
  readonly own: Readonly<Record<string, RegExp>>;
}

const SECONDS = /^\d+(\.\d+)?$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+00:00)$/;

/** The fields that a finished job has beside those it was submitted with. */
const FINISHED: Readonly<Record<string, RegExp>> = {
  status: /^done$/,
  progress: /^100$/,
  identity_started: /^pod-1$/,
  updated_at: MOMENT,
  updated_by: /^pod-1$/,
  finished_at: MOMENT,
  download_time: SECONDS,
  preprocess_time: SECONDS,
  prediction_time: SECONDS,
  postprocess_time: SECONDS,
  upload_time: SECONDS,
  total_time: SECONDS,
  predict_retries: /^0$/,
  total_jobs: /^1$/,
  output_url: /^file:\/\/.*\/output\/[0-9a-f]{32}\.zip$/,
  output_file_name: /^output\/[0-9a-f]{32}\.zip$/,
};

const KINDS: readonly Kind[] = [
  {
    workflow: 'segmentation',
    fake: 'seg2',
    environment: { NUCLEAR_MODEL: 'Fake:1' },
    shape: [40, 40],
    fields: { dimension_order: 'XY', channels: '0,', scale: '' },
    own: { scale: /^1$/ },
  },
  {
    workflow: 'mesmer',
    fake: 'mesmer4',
    environment: { MESMER_MODEL: 'Fake:1' },
    shape: [2, 40, 40],
    fields: { scale: '' },
    own: { scale: /^1$/, dim_order: /^CYX$/ },
  },
  {
    workflow: 'spot',
    fake: 'spot2',
    environment: { POLARIS_MODEL: 'Fake:1', POLARIS_THRESHOLD: '0.5' },
    shape: [40, 40],
    fields: {},
    own: { dim_order: /^YXC$/ },
  },
];

/** What each status is written together with; statuses are in their order. */
const STATUSES: readonly (readonly [status: string, field: string])[] = [
  ['started', 'identity_started'],
  ['pre-processing', 'download_time'],
  ['predicting', 'updated_at'],
  ['post-processing', 'updated_at'],
  ['saving-results', 'updated_at'],
  ['done', 'output_url'],
];

for (const { workflow, fake, environment, shape, fields, own } of KINDS) {
  test(`${workflow}: the fields of a hash, and its statuses in order`, async () => {
    const tile = [32, 32, fake === 'mesmer4' ? 2 : 1];
    const station = await Station.open({
      models: [servedFake(fake, { name: 'Fake', version: 1 }, tile)],
      environment: { CONSUMER_TYPE: workflow, QUEUE: workflow, ...environment },
    });
    // ioredis 6 cannot read what MONITOR sends in its newer protocol.
    const connection = station.redis.duplicate({ protocol: 2 });
    const monitor = await connection.monitor();
    try {
      const key = `${workflow}:a b:1`;
      const writes: Hash[] = [];
      monitor.on('monitor', (_: string, [command = '', target, ...words]: string[]) => {
        const isWrite = /^hm?set$/i.test(command) && target === key;
        if (isWrite) writes.push(pairs(words));
      });
      const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => at % 61);
      await station.upload('uploads/a.tif', encodeTiff({ shape, data }));
      const submitted = { input_file_name: 'uploads/a.tif', original_name: 'a.tif', ...fields };
      await station.submit(key, submitted);
      const hash = await station.ended(key);

      const expected = { ...FINISHED, ...own };
      const names = [...Object.keys(submitted), ...Object.keys(expected), 'created_at'];
      assert.deepEqual(Object.keys(hash).toSorted(), [...new Set(names)].toSorted());
      for (const [name, pattern] of Object.entries(expected)) {
        assert.match(hash[name] ?? '', pattern, name);
      }
      const [, ...ours] = writes.filter(({ status }) => status !== undefined);
      const statuses = ours.map(({ status }) => status ?? '');
      const changes = statuses.filter((status, at) => status !== statuses[at - 1]);
      assert.deepEqual(
        changes,
        STATUSES.map(([status]) => status),
      );
      for (const [status, field] of STATUSES) {
        const write = ours.find((one) => one.status === status);
        assert.ok(write && field in write, `${field} comes with ${status}`);
      }
    } finally {
      monitor.disconnect();
      connection.disconnect();
      await station.close();
    }
  });
}

function pairs(words: readonly string[]): Hash {
  const even = words.filter((_, at) => at % 2 === 0);
  return Object.fromEntries(even.map((name, at) => [name, words[2 * at + 1] ?? '']));
}
