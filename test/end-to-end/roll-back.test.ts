import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { Hash, Station } from '../harness/processes/consumer-process.ts';
import { ARCHIVE, openParents, parkArchive } from '../harness/parent-station.ts';
import { PlainWorker } from '../harness/plain-worker.ts';

const { key, queue } = ARCHIVE;
const OURS = `processing-${queue}:pod-1`;

describe('a roll-back to a consumer that knows no claims and no families', () => {
  let station: Station;
  let images: PlainWorker;
  let archives: PlainWorker;
  afterEach(() => station.close());

  async function open(environment: Hash = {}): Promise<void> {
    station = await openParents(environment);
    images = new PlainWorker(station, 'segmentation');
    archives = new PlainWorker(station, queue);
  }

  /** The lists that hold the parent, by name. */
  async function holders(): Promise<string[]> {
    const lists = [queue, ...(await station.redis.keys('processing-*'))];
    const held = await Promise.all(lists.map((list) => station.redis.lpos(list, key)));
    return lists.filter((_, index) => held[index] !== null);
  }

  /** Ends the parent as the original does: it polls the children that the hash names, and writes the last fields. */
  async function endAsOriginal(): Promise<Hash> {
    assert.equal(await archives.take(), key);
    const children = (await station.redis.hget(key, 'children'))?.split(',') ?? [];
    const statuses = await Promise.all(children.map((one) => station.redis.hget(one, 'status')));
    assert.deepEqual(statuses, ['done', 'done', 'done']);
    await archives.finish(key, 'a.tif');
    return station.redis.hgetall(key);
  }

  async function finishImages(): Promise<void> {
    for (const name of ARCHIVE.members) await images.finish(await images.take(), name);
  }

  test('finds a parent that waited in the queue, and all its children in theirs, after a stop', async () => {
    await open({ CHILDREN_IN_QUEUE: '1' });
    const children = await parkArchive(station);
    assert.deepEqual(await holders(), [OURS]);
    assert.equal(await station.signal('SIGTERM'), 0, station.log);
    assert.deepEqual(await holders(), [queue]);
    const { status, children: named } = await station.redis.hgetall(key);
    assert.deepEqual([status, named], ['waiting', children.join(',')]);
    await finishImages();
    const ended = await endAsOriginal();
    assert.deepEqual(await holders(), []);
    await station.start();
    await lookAround();
    assert.deepEqual(await station.redis.hgetall(key), ended);
  });

  test('finds all children in their queue, too, when all consumers of archives stop at once', async () => {
    await open({ CHILDREN_IN_QUEUE: '1' });
    const other = await station.startBeside({ HOSTNAME: 'pod-2' });
    const children = await parkArchive(station);
    const codes = await Promise.all([station.signal('SIGTERM'), other.signal('SIGTERM')]);
    assert.deepEqual(codes, [0, 0], station.log);
    assert.deepEqual(await holders(), [queue]);
    const queued = await station.redis.lrange('segmentation', 0, -1);
    assert.deepEqual(queued.toSorted(), children.toSorted());
  });

  test('finds a parent in the list of its holder, after a kill', async () => {
    await open();
    await parkArchive(station);
    await station.signal('SIGKILL');
    assert.deepEqual(await holders(), [OURS]);
    await finishImages();
    // What the janitor does with the key of a pod that is gone.
    assert.equal(await station.redis.lrem(OURS, 1, key), 1);
    await station.redis.lpush(queue, key);
    const ended = await endAsOriginal();
    await station.start();
    await lookAround();
    assert.deepEqual(await station.redis.hgetall(key), ended);
    assert.deepEqual(await holders(), []);
  });

  /** Once a job has ended, the consumer has looked at what its list held when it started. */
  async function lookAround(): Promise<void> {
    await station.submit('other', { input_file_name: 'uploads/none.zip' }, queue);
    assert.equal((await station.ended('other'))['error_code'], 'missing_object');
  }
});
