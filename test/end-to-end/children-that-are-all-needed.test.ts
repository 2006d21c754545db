import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { type Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { PlainWorker } from '../harness/plain-worker.ts';

const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [64, 64, 1]);
const FRAMES = 3;

describe('a job that needs every one of its children', () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await Deployment.open({
      models: [CELLS],
      environment: {
        CONSUMER_TYPE: 'caliban',
        QUEUE: 'caliban',
        SEGMENTATION_QUEUE: 'segmentation',
      },
    });
    const polaris = { CONSUMER_TYPE: 'polaris', QUEUE: 'polaris', HOSTNAME: 'pod-2' };
    await deployment.startBeside(polaris);
  });
  after(() => deployment.close());

  /** Submits a job and waits until it waits for its children. Their keys, in order of place. */
  async function park(queue: string, name: string, form: Hash): Promise<string[]> {
    const planes = { shape: [FRAMES, 64, 64], data: new Float32Array(FRAMES * 64 * 64) };
    await deployment.upload(`uploads/${name}.tif`, encodeTiff(planes));
    const file = { input_file_name: `uploads/${name}.tif`, original_name: `${name}.tif` };
    await deployment.submit(name, { ...file, ...form }, queue);
    return deployment.until(async () => {
      const [status, children = ''] = await deployment.redis.hmget(name, 'status', 'children');
      return status === 'waiting' ? (children ?? '').split(',') : undefined;
    });
  }

  /** Nothing but the job itself may be left: no family, no child that stays, and of objects only those `kept`. */
  async function nothingLeft(children: readonly string[]): Promise<void> {
    await deployment.until(async () => {
      const families = await deployment.redis.keys('kiosk:family:*');
      const seconds = await Promise.all(children.map((key) => deployment.redis.ttl(key)));
      const staying = seconds.filter((left) => left > 3600);
      const objects = await deployment.objects();
      return families.length + staying.length + objects.length === 0 || undefined;
    }, 20_000);
  }

  test('a movie that is replaced between its split and its join fails: its labels are of the other', async () => {
    const children = await park('caliban', 'replaced', {});
    const other = { shape: [FRAMES, 64, 64], data: new Float32Array(FRAMES * 64 * 64).fill(1) };
    await deployment.upload('uploads/replaced.tif', encodeTiff(other));
    const worker = new PlainWorker(deployment, 'segmentation');
    for (let frame = 0; frame < FRAMES; frame++) {
      await worker.finish(await worker.take(), 'frame_batch_0_feature_0.tif');
    }
    const { status, reason, error_code: code } = await deployment.ended('replaced');
    assert.deepEqual([status, code], ['failed', 'input_changed']);
    assert.equal(
      reason,
      '"replaced.tif" was replaced in the bucket while its job was under way; submit it again.',
    );
    await nothingLeft(children);
  });

  test('a movie fails with the number and the reason of a frame that failed', async () => {
    const children = await park('caliban', 'movie', {});
    assert.equal(children.length, FRAMES);
    const worker = new PlainWorker(deployment, 'segmentation');
    await worker.finish(await worker.take(), 'frame_batch_0_feature_0.tif');
    await worker.fail(await worker.take(), 'ValueError: too dark');
    const { status, reason, error_code: code } = await deployment.ended('movie');
    assert.deepEqual([status, code], ['failed', 'child_failed']);
    assert.match(reason ?? '', /[Ff]rame 1 .*ValueError: too dark/);
    await nothingLeft(children);
  });

  test('a movie fails whose frame expires, and says which', async () => {
    const children = await park('caliban', 'gone', {});
    const [expired = ''] = children.slice(2);
    await deployment.redis.pexpire(expired, 50);
    const { status, reason } = await deployment.ended('gone');
    assert.equal(status, 'failed');
    assert.match(reason ?? '', /[Ff]rame 2 failed: it has expired or was deleted/);
    await nothingLeft(children);
  });

  test('a search for spots fails with the reason of the cells that were not found', async () => {
    const form = { channels: '0,1,', segmentation_type: 'cell culture', dimension_order: 'CXY' };
    const children = await park('polaris', 'spots', form);
    assert.equal(children.length, 2);
    const worker = new PlainWorker(deployment, 'segmentation');
    await worker.fail(children[1] ?? '', 'ValueError: no nuclei');
    const { status, reason } = await deployment.ended('spots');
    assert.equal(status, 'failed');
    assert.match(
      reason ?? '',
      /segmentation job that looks for nuclei failed: ValueError: no nuclei/,
    );
    await nothingLeft(children);
  });
});
