import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { Hash, Deployment } from '../harness/processes/consumer-process.ts';
import type { GoldenCase } from '../goldens/load.ts';
import { fitsModel } from '../goldens/requests.ts';
import { modelOf, resultCases, scaleOf, withDeployment } from '../wire/replay.ts';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const CHECK = fileURLToPath(new URL('check-archive.py', import.meta.url));
const FILE = 'uploads/a.tif';

/** An entry that the archive must have; without values it is a picture. */
interface Entry {
  readonly name: string;
  readonly array?: NdArray;
}

interface Kind {
  readonly workflow: string;
  readonly group: string;
  /** The model of a case that does not name its own. */
  readonly model: { readonly fake: string; readonly tile: readonly number[] };
  readonly environment: (one: GoldenCase) => Hash;
  readonly fields: (one: GoldenCase) => Hash;
  /** The uploaded image: that of the case, its axes as this workflow takes them. */
  readonly image: (image: NdArray) => NdArray;
  readonly entries: (one: GoldenCase) => Entry[];
}

const KINDS: readonly Kind[] = [
  {
    workflow: 'segmentation',
    group: 'app_nuclear',
    model: { fake: 'seg2', tile: [256, 256, 1] },
    environment: () => ({ NUCLEAR_MODEL: 'Fake:1' }),
    fields: (one) => ({ dimension_order: 'BXY', channels: '0,', scale: scaleOf(one) }),
    image: ({ shape, data }) => ({ shape: shape.slice(0, 3), data }),
    entries: (one) => {
      const labels = one.output('labels');
      return Array.from({ length: labels.shape[0] ?? 0 }, (_, batch) => ({
        name: `a_batch_${batch}_feature_0.tif`,
        array: { shape: labels.shape.slice(1, 3), data: part(labels, batch) },
      }));
    },
  },
  {
    workflow: 'mesmer',
    group: 'app_mesmer',
    model: { fake: 'mesmer4', tile: [256, 256, 2] },
    environment: () => ({ MESMER_MODEL: 'Fake:1' }),
    fields: (one) => ({ compartment: String(one.params['compartment']), scale: scaleOf(one) }),
    image: ({ shape, data }) => ({ shape: shape.slice(1), data }),
    entries: (one) => {
      const labels = one.output('labels');
      const [, rows = 0, columns = 0, features = 0] = labels.shape;
      return Array.from({ length: features }, (_, feature) => ({
        name: `a_feature_${feature}.tif`,
        array: {
          shape: [1, rows, columns],
          data: labels.data.filter((__, at) => at % features === feature),
        },
      }));
    },
  },
  {
    workflow: 'spot',
    group: 'app_spot',
    model: { fake: 'spot2', tile: [128, 128, 1] },
    environment: ({ params }) => ({
      POLARIS_MODEL: 'Fake:1',
      POLARIS_THRESHOLD: String(params['threshold']),
      POLARIS_CLIP: String(params['clip']),
    }),
    fields: () => ({}),
    image: ({ shape, data }) => ({ shape: shape.slice(1, 3), data }),
    entries: (one) => {
      const { data } = one.output('points');
      return [
        { name: 'a_0.tif' },
        { name: 'a_0.npy', array: { shape: [data.length / 2, 2], data } },
      ];
    },
  },
];

for (const { workflow, group, model, environment, fields, image, entries } of KINDS) {
  for (const one of casesOf(group)) {
    test(`${workflow}: Python and unzip read the archive of ${one.name}, and a second run makes the same`, async () => {
      const models = [modelOf(one, 'Fake', model)];
      const settings = { CONSUMER_TYPE: workflow, QUEUE: workflow, ...environment(one) };
      await withDeployment({ models, environment: settings }, async ({ deployment }) => {
        const { shape, data } = image(one.input('image'));
        await deployment.upload(FILE, encodeTiff({ shape, data: Float32Array.from(data) }));
        const first = await runJob(deployment, fields(one));
        const archive = join(deployment.folder, first['output_file_name'] ?? '');
        await run('unzip', ['-t', archive]);
        await run(PYTHON, [CHECK, archive, await expectation(deployment.folder, entries(one))]);
        const bytes = await readFile(archive);
        // A rerun finds the name of its result in the hash.
        const kept = { result_id: first['result_id'] ?? '' };
        const second = await runJob(deployment, { ...fields(one), ...kept });
        assert.equal(second['output_file_name'], first['output_file_name']);
        assert.ok(bytes.equals(await readFile(archive)), 'other bytes');
      });
    });
  }
}

/**
 * Cases with one list of points or one array of labels, of one batch item where the workflow takes no more, whose values are those of
 * the reference to the bit: with tiles of another size cells may be numbered in another order.
 */
function casesOf(group: string): GoldenCase[] {
  return resultCases(group).filter((one) => {
    const isOne = one.input('image').shape[0] === 1 || group === 'app_nuclear';
    const isExact = group === 'app_spot' || fitsModel(one);
    return isOne && isExact && ['labels', 'points'].some((name) => one.outputNames.includes(name));
  });
}

async function runJob(deployment: Deployment, fields: Hash): Promise<Hash> {
  const key = `${deployment.queue}:1`;
  await deployment.redis.del(key);
  await deployment.submit(key, { ...fields, input_file_name: FILE, original_name: 'a.tif' });
  const hash = await deployment.ended(key);
  assert.equal(hash['status'], 'done', hash['reason']);
  return hash;
}

/** Writes what the archive must hold where the check finds it; gives the path. */
async function expectation(folder: string, entries: readonly Entry[]): Promise<string> {
  const described = entries.map(async ({ name, array }, index) => {
    if (array === undefined) return { name };
    const values = join(folder, `expected-${index}.raw`);
    await writeFile(values, new Uint8Array(Float32Array.from(array.data).buffer));
    return { name, shape: array.shape, values };
  });
  const path = join(folder, 'expected.json');
  await writeFile(path, JSON.stringify(await Promise.all(described)));
  return path;
}

function part({ shape, data }: NdArray, batch: number): NdArray['data'] {
  const length = (shape[1] ?? 0) * (shape[2] ?? 0);
  return data.slice(batch * length, (batch + 1) * length);
}
