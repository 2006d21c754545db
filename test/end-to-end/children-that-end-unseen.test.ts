import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { Deployment } from '../harness/processes/consumer-process.ts';
import { ARCHIVE, failuresOf, openParents, parkArchive } from '../harness/parent-deployment.ts';
import { PlainWorker } from '../harness/plain-worker.ts';

describe('an archive whose images end without telling it', () => {
  let deployment: Deployment;
  let worker: PlainWorker;
  beforeEach(async () => {
    deployment = await openParents();
    worker = new PlainWorker(deployment, 'segmentation');
  });
  afterEach(() => deployment.close());

  test('takes the results of a worker that writes only the fields of the original', async () => {
    const children = await parkArchive(deployment);
    for (const child of children) assert.equal(await worker.take(), child);
    const [first = '', second = '', third = ''] = children;
    await worker.finish(third, 'c_batch_0_feature_0.tif');
    await worker.fail(second, 'Traceback: something\nValueError: not this one');
    await worker.finish(first, 'a_batch_0_feature_0.tif');
    const hash = await deployment.ended(ARCHIVE.key);
    assert.equal(hash['status'], 'done', hash['reason']);
    const names = [...(await deployment.result(hash)).keys()];
    assert.deepEqual(names, ['a_batch_0_feature_0.tif', 'c_batch_0_feature_0.tif']);
    const reason = 'Traceback: something\nValueError: not this one';
    assert.deepEqual(failuresOf(hash), { [second]: reason });
    const { 'children:done': done, 'children:failed': failed, progress, total_time: times } = hash;
    assert.deepEqual([done, failed, progress, times], ['2', '1', '100', '1.5,1.5']);
    assert.deepEqual(await deployment.objects(), [hash['output_file_name']]);
  });

  test('ends without those that expire or are deleted, and says so', async () => {
    const [first = '', second = '', third = ''] = await parkArchive(deployment);
    assert.equal(await worker.take(), first);
    await deployment.redis.pexpire(second, 100);
    await deployment.redis.del(third);
    await worker.finish(first, 'a_batch_0_feature_0.tif');
    const hash = await deployment.ended(ARCHIVE.key);
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.deepEqual([...(await deployment.result(hash)).keys()], ['a_batch_0_feature_0.tif']);
    const gone = 'The job expired or was deleted before it ended.';
    assert.deepEqual(failuresOf(hash), { [second]: gone, [third]: gone });
    assert.equal(hash['total_jobs'], '3');
  });

  test('is done with an empty archive and every reason if all of them fail', async () => {
    const children = await parkArchive(deployment);
    for (const child of children) await worker.fail(await worker.take(), `ValueError: ${child}`);
    const hash = await deployment.ended(ARCHIVE.key);
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.equal((await deployment.result(hash)).size, 0);
    const reasons = children.map((child) => [child, `ValueError: ${child}`]);
    assert.deepEqual(failuresOf(hash), Object.fromEntries(reasons));
    const { 'children:done': done, 'children:failed': failed, total_jobs: total } = hash;
    assert.deepEqual([done, failed, total], ['0', '3', '3']);
  });
});
