import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobWorld, LIST, claim, claimedJob } from './world.ts';

const FAILURE = {
  status: 'failed',
  reason: 'The job crashed its worker 3 times.',
  error_code: 'crashed_worker',
  finished_at: '2026-01-01T00:00:00Z',
};

export function letterTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('buries a job: failed, without an entry, among the dead letters of its queue', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      assert.equal(await consumer.hashes.bury(claimed, FAILURE), 'written');
      const [letter, ...others] = await world.letters.list('image');
      assert.deepEqual(others, []);
      assert.deepEqual([letter?.key, letter?.reason], ['image:1', FAILURE.reason]);
      assert.match(letter?.buriedAt ?? '', /^20\d\d-.*Z$/);
      assert.equal((await world.fields('image:1'))['status'], 'failed');
      assert.deepEqual(await world.entries(LIST), []);
      assert.deepEqual(await world.letters.list('mesmer'), []);
    }));

  test('tells which queues have dead letters, how many, and the fields of each', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      assert.deepEqual(await world.letters.queues(), []);
      assert.equal((await consumer.queue.depth()).deadLetters, 0);
      await consumer.hashes.bury(claimed, FAILURE);
      assert.deepEqual(await world.letters.queues(), ['image']);
      assert.equal((await consumer.queue.depth()).deadLetters, 1);
      const fields = await world.letters.read('image', 'image:1');
      assert.deepEqual([fields?.['status'], fields?.['reason']], ['failed', FAILURE.reason]);
      assert.equal(await world.letters.read('image', 'image:2'), undefined);
      await world.letters.drop('image', 'image:1');
      assert.deepEqual(await world.letters.queues(), []);
      assert.equal(await world.letters.read('image', 'image:1'), undefined);
    }));

  test('does not bury what is lost', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      assert.equal(await consumer.hashes.bury({ ...claimed, token: 0 }, FAILURE), 'lost');
      assert.deepEqual(await world.letters.list('image'), []);
    }));

  test('puts a dead letter back as a new job without attempts', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await consumer.hashes.bury(claimed, FAILURE);
      assert.equal(await world.letters.redrive('image', 'image:1'), 'redriven');
      assert.equal(await world.letters.redrive('image', 'image:1'), 'gone');
      const fields = await world.fields('image:1');
      assert.deepEqual([fields['status'], fields['attempts']], ['new', '0']);
      for (const name of ['reason', 'error_code', 'finished_at'])
        assert.equal(name in fields, false);
      assert.deepEqual(await world.entries('image'), ['image:1']);
      const again = await claim(consumer);
      assert.equal(again.crashes, 0);
      assert.ok(again.claim.token > claimed.token);
    }));

  test('puts a dead letter back whose hash has expired', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await consumer.hashes.bury(await claimedJob(world, consumer), FAILURE);
      await world.remove('image:1');
      assert.equal(await world.letters.redrive('image', 'image:1'), 'redriven');
      const { fields } = await claim(consumer);
      assert.equal(fields['input_file_name'], 'a.tif');
    }));

  test('only forgets a dead letter that somebody has started again', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await consumer.hashes.bury(await claimedJob(world, consumer), FAILURE);
      await world.write('image:1', { status: 'started' });
      assert.equal(await world.letters.redrive('image', 'image:1'), 'started');
      assert.deepEqual(await world.letters.list('image'), []);
      assert.deepEqual(await world.entries('image'), []);
    }));

  test('drops a dead letter, and the job stays as it is', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await consumer.hashes.bury(await claimedJob(world, consumer), FAILURE);
      assert.equal(await world.letters.drop('image', 'image:1'), true);
      assert.equal(await world.letters.drop('image', 'image:1'), false);
      assert.equal((await world.fields('image:1'))['status'], 'failed');
    }));
}
