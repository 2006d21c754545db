import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { ARCHIVE, openParents, parkArchive } from '../harness/parent-deployment.ts';
import { PlainWorker } from '../harness/plain-worker.ts';

const { key, queue } = ARCHIVE;
const OURS = `processing-${queue}:pod-1`;

describe('a roll-back to a consumer that knows no claims and no families', () => {
  let deployment: Deployment;
  let images: PlainWorker;
  let archives: PlainWorker;
  afterEach(() => deployment.close());

  async function open(environment: Hash = {}): Promise<void> {
    deployment = await openParents(environment);
    images = new PlainWorker(deployment, 'segmentation');
    archives = new PlainWorker(deployment, queue);
  }

  /** The lists that hold the parent, by name. */
  async function holders(): Promise<string[]> {
    const lists = [queue, ...(await deployment.redis.keys('processing-*'))];
    const held = await Promise.all(lists.map((list) => deployment.redis.lpos(list, key)));
    return lists.filter((_, index) => held[index] !== null);
  }

  /** Ends the parent as the original does: it polls the children that the hash names, and writes the last fields. */
  async function endAsOriginal(): Promise<Hash> {
    assert.equal(await archives.take(), key);
    const children = (await deployment.redis.hget(key, 'children'))?.split(',') ?? [];
    const statuses = await Promise.all(children.map((one) => deployment.redis.hget(one, 'status')));
    assert.deepEqual(statuses, ['done', 'done', 'done']);
    await archives.finish(key, 'a.tif');
    return deployment.redis.hgetall(key);
  }

  async function finishImages(): Promise<void> {
    for (const name of ARCHIVE.members) await images.finish(await images.take(), name);
  }

  test('finds a parent that waited in the queue, and all its children in theirs, after a stop', async () => {
    await open({ CHILDREN_IN_QUEUE: '1' });
    const children = await parkArchive(deployment);
    assert.deepEqual(await holders(), [OURS]);
    assert.equal(await deployment.signal('SIGTERM'), 0, deployment.log);
    assert.deepEqual(await holders(), [queue]);
    const { status, children: named } = await deployment.redis.hgetall(key);
    assert.deepEqual([status, named], ['waiting', children.join(',')]);
    await finishImages();
    const ended = await endAsOriginal();
    assert.deepEqual(await holders(), []);
    await deployment.start();
    await lookAround();
    assert.deepEqual(await deployment.redis.hgetall(key), ended);
  });

  test('finds all children in their queue, too, when all consumers of archives stop at once', async () => {
    await open({ CHILDREN_IN_QUEUE: '1' });
    const other = await deployment.startBeside({ HOSTNAME: 'pod-2' });
    const children = await parkArchive(deployment);
    const codes = await Promise.all([deployment.signal('SIGTERM'), other.signal('SIGTERM')]);
    assert.deepEqual(codes, [0, 0], deployment.log);
    assert.deepEqual(await holders(), [queue]);
    const queued = await deployment.redis.lrange('segmentation', 0, -1);
    assert.deepEqual(queued.toSorted(), children.toSorted());
  });

  test('finds a parent in the list of its holder, after a kill', async () => {
    await open();
    await parkArchive(deployment);
    await deployment.signal('SIGKILL');
    assert.deepEqual(await holders(), [OURS]);
    await finishImages();
    // What the janitor does with the key of a pod that is gone.
    assert.equal(await deployment.redis.lrem(OURS, 1, key), 1);
    await deployment.redis.lpush(queue, key);
    const ended = await endAsOriginal();
    await deployment.start();
    await lookAround();
    assert.deepEqual(await deployment.redis.hgetall(key), ended);
    assert.deepEqual(await holders(), []);
  });

  /** Once a job has ended, the consumer has looked at what its list held when it started. */
  async function lookAround(): Promise<void> {
    await deployment.submit('other', { input_file_name: 'uploads/none.zip' }, queue);
    assert.equal((await deployment.ended('other'))['error_code'], 'missing_object');
  }
});
