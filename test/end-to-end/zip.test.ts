import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { type Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { type BuiltMember, buildZip } from '../harness/images/zip-builder.ts';

const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [64, 64, 1]);

function image(seed: number): Uint8Array {
  const data = Float32Array.from({ length: 64 * 64 }, (_, at) => (at * seed) % 97);
  return Uint8Array.from(encodeTiff({ shape: [64, 64], data }));
}

describe('a zip archive of images', () => {
  let deployment: Deployment;
  before(async () => {
    const environment = { QUEUE: 'segmentation', NUCLEAR_MODEL: 'Cells:1' };
    deployment = await Deployment.open({
      models: [CELLS],
      // Nothing listens there: a parent needs no model server.
      environment: { ...environment, CONSUMER_TYPE: 'zip', TF_PORT: '1' },
    });
    const TF_PORT = String(deployment.models.port);
    await deployment.startBeside({ ...environment, CONSUMER_TYPE: 'segmentation', TF_PORT });
  });
  after(() => deployment.close());

  /** Uploads an archive, submits its job as the web page does, and waits until it has ended. */
  async function run(key: string, archive: Uint8Array): Promise<Hash> {
    await deployment.upload(`uploads/${key}.zip`, archive);
    const fields = { input_file_name: `uploads/${key}.zip`, original_name: `${key}.zip` };
    const form = { channels: '0,', dimension_order: 'XY', url: 'https://example.org/a.zip' };
    await deployment.submit(key, { ...fields, ...form }, 'segmentation-zip');
    return deployment.ended(key);
  }

  const members: readonly BuiltMember[] = [
    { name: 'b.tif', data: image(3) },
    { name: 'folder/a, with: ü.tif', data: image(5), method: 0 },
    { name: '__MACOSX/._b.tif', data: image(7) },
    { name: 'README', data: image(7) },
  ];

  test('gives one archive of the results in the order of its members, and leaves nothing else', async () => {
    const hash = await run('sound', buildZip(members));
    assert.deepEqual(await deployment.consumer.notReady(), {});
    assert.equal(hash['status'], 'done', hash['reason']);
    const entries = await deployment.result(hash);
    assert.deepEqual(
      [...entries.keys()],
      ['b_batch_0_feature_0.tif', 'folder/a, with: ü_batch_0_feature_0.tif'],
    );
    assert.equal(hash['failures'], '');
    assert.equal(hash['progress'], '100');
    assert.equal(hash['total_jobs'], '2');
    assert.equal(hash['children:done'], '2');
    assert.equal(hash['children:failed'], '0');
    assert.equal(hash['children']?.split(',').length, 2);
    assert.equal(hash['total_time']?.split(',').length, 2);
    assert.match(hash['cleanup_time'] ?? '', /^\d/);
    assert.deepEqual(await deployment.objects(), [hash['output_file_name']]);
    await deployment.until(async () => (await leftKeys()).length === 0 || undefined, 10_000);
  });

  test('goes on without the members that fail, and says which and why', async () => {
    const wrong = { crc32: 1 };
    const hash = await run(
      'partly',
      buildZip([
        { name: 'good.tif', data: image(3) },
        { name: 'damaged.tif', data: image(5), claims: wrong },
        { name: 'secret.tif', data: image(5), flags: 1 },
        { name: 'no image.tif', data: Buffer.from('text') },
      ]),
    );
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.deepEqual([...(await deployment.result(hash)).keys()], ['good_batch_0_feature_0.tif']);
    const failures = [...new URLSearchParams(hash['failures'])];
    assert.deepEqual(
      failures.map(([key]) => key.replace(/:[0-9a-f]{32}$/, '')),
      ['damaged.tif', 'secret.tif', 'no image.tif'].map((name) => `segmentation:${name}`),
    );
    assert.match(failures[0]?.[1] ?? '', /do not match their checksum/);
    assert.match(failures[1]?.[1] ?? '', /encrypted/);
    assert.match(failures[2]?.[1] ?? '', /not a TIFF file/);
    assert.equal(hash['children:failed'], '3');
  });

  test('keeps the results of images that differ in their extension alone', async () => {
    const archive = buildZip([
      { name: 'a.tif', data: image(3) },
      { name: 'a.tiff', data: image(5) },
    ]);
    const hash = await run('alike', archive);
    assert.deepEqual(
      [...(await deployment.result(hash)).keys()],
      ['a_batch_0_feature_0.tif', 'a.tiff_batch_0_feature_0.tif'],
    );
  });

  for (const [what, archive, reason] of [
    ['no archive', Buffer.from('no archive'), /not a zip archive/],
    ['empty', buildZip([]), /has no images/],
    ['leading out', buildZip([{ name: '../a.tif', data: image(3) }]), /leads out/],
  ] as const) {
    test(`fails at once if it is ${what}`, async () => {
      const hash = await run(what, archive);
      assert.equal(hash['status'], 'failed');
      assert.match(hash['reason'] ?? '', reason);
    });
  }

  test('gives the same bytes again', async () => {
    const [one, other] = [
      await run('first', buildZip(members)),
      await run('second', buildZip(members)),
    ];
    const bytes = async (hash: Hash) => [...(await deployment.result(hash))];
    assert.deepEqual(await bytes(one), await bytes(other));
  });

  /** Keys of families and lists that should be gone. */
  async function leftKeys(): Promise<string[]> {
    const keys = await deployment.redis.keys('*');
    return keys.filter((key) => /^(kiosk:family|kiosk:closing|processing-)/.test(key));
  }
});
