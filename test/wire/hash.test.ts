import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { sizeOf } from '../../src/imaging/array.ts';
import type { Hash } from '../harness/processes/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { HashMonitor, type Write } from '../harness/processes/hash-monitor.ts';
import { withDeployment } from './replay.ts';

const SECONDS = /^\d+(\.\d+)?(e-\d+)?$/;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;
const CREATED = '2024-02-29T10:20:30.405Z';

/** What the web front end writes for every job: a value that is missing becomes an empty text. */
const SUBMITTED: Hash = {
  original_name: 'my cells.tif',
  input_file_name: 'uploads/a.tif',
  model_name: '',
  model_version: '',
  preprocess_function: '',
  postprocess_function: '',
  cuts: '0',
  url: 'https://storage.googleapis.com/bucket/uploads/a.tif',
  label: '',
  status: 'new',
  created_at: CREATED,
  updated_at: CREATED,
  identity_upload: 'frontend-1',
};
const FORM: Hash = { dimension_order: '', channels: '', scale: '' };

/** What a consumer adds, by the status with which it comes. */
const MOMENTS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  started: { identity_started: /^pod-1$/ },
  'pre-processing': { download_time: SECONDS },
  predicting: { preprocess_time: SECONDS },
  'post-processing': { prediction_time: SECONDS, predict_retries: /^0$/ },
  'saving-results': { postprocess_time: SECONDS },
  done: {
    output_url: /^file:\/\/\/.*\/output\/[0-9a-f]{32}\.zip$/,
    output_file_name: /^output\/[0-9a-f]{32}\.zip$/,
    upload_time: SECONDS,
    total_jobs: /^1$/,
    total_time: SECONDS,
    finished_at: STAMP,
  },
};
/** Of our own: how the image was understood, known before the model is asked; and what was found in it, once that is known. */
const INPUT = { input: /^\{"axes":"[A-Z]+","shape":\[.*"scale":[\d.]+\}$/ };
const counted = (type: string) => (type === 'spot' ? { spots: /^\d+$/ } : { cells: /^\d+$/ });
/** The fakes know no cells, so that some warn that nothing was found. */
const MAY_WARN = ['warnings'];

/** What opening a job writes, to know who owns it: the fields of docs/REDIS.md. */
const CLAIM: Readonly<Record<string, RegExp>> = {
  claim_key: /^[a-z]+:\d$/,
  claim_token: /^1$/,
  claim_owner: /^[0-9a-f]{32}@pod-1$/,
  claim_counted: /^1$/,
  attempts: /^1$/,
  result_id: /^[0-9a-f]{32}$/,
};
const EVERY_WRITE = { updated_at: STAMP, updated_by: /^pod-1$/ };

interface Workflow {
  readonly type: string;
  readonly shape: readonly number[];
  readonly form?: Hash;
  readonly settings?: Hash;
  /** What this workflow finds out about the image. */
  readonly found: Readonly<Record<string, RegExp>>;
}

const MODELS = [
  servedFake('seg2', { name: 'Cells', version: 1 }, [256, 256, 1]),
  servedFake('mesmer4', { name: 'Tissue', version: 1 }, [256, 256, 2]),
  servedFake('spot2', { name: 'Spots', version: 1 }, [128, 128, 1]),
  servedFake('scale_one', { name: 'Scale', version: 1 }, [216, 216, 1]),
  servedFake('label3', { name: 'Label', version: 1 }, [216, 216, 1]),
];
const ENVIRONMENT = {
  CONSUMERS: 'segmentation,image,mesmer,spot',
  NUCLEAR_MODEL: 'Cells:1',
  MESMER_MODEL: 'Tissue:1',
  POLARIS_MODEL: 'Spots:1',
  SCALE_DETECT_MODEL: 'Scale:1',
  LABEL_DETECT_MODEL: 'Label:1',
};
const CELLS = { shape: [40, 50] };
const WORKFLOWS: readonly Workflow[] = [
  { type: 'segmentation', ...CELLS, form: FORM, found: { scale: /^1$/ } },
  {
    type: 'segmentation',
    ...CELLS,
    form: { dimension_order: 'XY', channels: '0,', scale: '1.50' },
    found: {},
  },
  { type: 'image', ...CELLS, form: FORM, found: { scale: /^1$/ } },
  {
    type: 'mesmer',
    shape: [2, 40, 50],
    form: FORM,
    found: { scale: /^1$/, dim_order: /^CYX$/ },
  },
  {
    type: 'spot',
    shape: [40, 50],
    found: { dim_order: /^YXC$/ },
  },
  {
    type: 'segmentation',
    ...CELLS,
    form: FORM,
    settings: { SCALE_DETECT_ENABLED: 'true', LABEL_DETECT_ENABLED: 'true' },
    found: { scale: /^1$/, label: /^[012]$/ },
  },
];

for (const [number, workflow] of WORKFLOWS.entries()) {
  const { type, form = {}, settings = {} } = workflow;
  test(`the hash of a job of ${type} ${JSON.stringify({ ...form, ...settings })}, from its start to its end`, async () => {
    const key = `${type}:${number}`;
    const { hash, monitor } = await watched(workflow, key);
    const writes = monitor.writesTo(key);
    assertFields(hash, workflow);
    assertMoments(writes.slice(1), workflow);
    assert.deepEqual(monitor.changesOf(key).slice(-2), ['HSET', 'LREM']);
  });
}

/** Runs a job, seen by a monitor of Redis. */
async function watched(
  { type, shape, form = {}, settings = {} }: Workflow,
  key: string,
): Promise<{ readonly hash: Hash; readonly monitor: HashMonitor }> {
  const environment = { ...ENVIRONMENT, ...settings };
  let seen: { readonly hash: Hash; readonly monitor: HashMonitor } | undefined;
  await withDeployment({ models: MODELS, environment }, async ({ deployment }) => {
    const monitor = await HashMonitor.open(Number(deployment.environment['REDIS_PORT']));
    try {
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, at) => at % 97);
      await deployment.upload('uploads/a.tif', encodeTiff({ shape, data }));
      await deployment.submit(key, { ...SUBMITTED, ...form }, type);
      const hash = await deployment.ended(key);
      const changes = (): string[] => monitor.changesOf(key);
      await deployment.until(async () => changes().at(-1) === 'LREM' || undefined, 10_000);
      seen = { hash, monitor };
    } finally {
      monitor.close();
    }
  });
  assert.ok(seen !== undefined);
  return seen;
}

/** The hash has the fields of the contract and no others, and what was submitted is as it was. */
function assertFields(hash: Hash, { type, form = {}, found }: Workflow): void {
  const added = Object.assign({}, ...Object.values(MOMENTS)) as Readonly<Record<string, RegExp>>;
  const written = {
    ...added,
    ...CLAIM,
    ...EVERY_WRITE,
    ...found,
    ...INPUT,
    ...counted(type),
    status: /^done$/,
    progress: /^100$/,
  };
  const expected = { ...SUBMITTED, ...form, ...written };
  const fields = Object.keys(hash).filter((name) => !MAY_WARN.includes(name));
  assert.deepEqual(fields.toSorted(), Object.keys(expected).toSorted());
  for (const [field, value] of Object.entries(expected)) {
    if (value instanceof RegExp) assert.match(hash[field] ?? '', value, field);
    else assert.equal(hash[field], value, field);
  }
}

/**
 * The statuses come in their order, each with what is known by then or after it was written. One that passed while the write before
 * it was on its way is left out; the first and the last never are.
 */
function assertMoments(writes: readonly Write[], { type, found }: Workflow): void {
  const statuses = writes.flatMap(({ status }) => status ?? []);
  const order = Object.keys(MOMENTS);
  assert.deepEqual(
    statuses,
    order.filter((status) => statuses.includes(status)),
  );
  assert.deepEqual([statuses[0], statuses.at(-1)], ['started', 'done']);
  for (const write of writes) assertMatches(write, EVERY_WRITE);
  const moments: typeof MOMENTS = {
    ...MOMENTS,
    predicting: { ...MOMENTS['predicting'], ...found, ...INPUT },
    'saving-results': { ...MOMENTS['saving-results'], ...counted(type) },
  };
  for (const [at, status] of order.entries()) {
    const written = writes.findIndex((write) => write['status'] === status);
    if (written < 0) continue;
    const known = Object.assign({}, ...writes.slice(0, written + 1)) as Write;
    for (const earlier of order.slice(0, at + 1)) assertMatches(known, moments[earlier] ?? {});
    const later = order.slice(at + 1).flatMap((next) => Object.keys(moments[next] ?? {}));
    assert.deepEqual(
      later.filter((field) => field in known),
      [],
      `${status} comes first`,
    );
  }
  const percents = writes.flatMap(({ progress }) =>
    progress === undefined ? [] : [Number(progress)],
  );
  assert.deepEqual(
    percents,
    percents.toSorted((one, other) => one - other),
  );
  assert.equal(percents.at(-1), 100);
}

function assertMatches(write: Write, fields: Readonly<Record<string, RegExp>>): void {
  for (const [field, pattern] of Object.entries(fields))
    assert.match(write[field] ?? '', pattern, field);
}
