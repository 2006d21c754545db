import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobWorld, LIST, claim, claimedJob, never, open, submit } from './world.ts';

/** A process claims a job and dies; the next of the same name gives it back. */
async function crash(world: JobWorld, alone: boolean): Promise<void> {
  await claim(world.consumer(), { alone });
  await world.consumer().queue.recoverOwn([]);
}

export function crashTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('counts crashes, and has a job that crashed two workers run alone', () =>
    using(async (world) => {
      await submit(world);
      for (const crashes of [0, 1]) {
        const opened = await claim(world.consumer());
        assert.deepEqual([opened.crashes, opened.counted], [crashes, true]);
        await world.consumer().queue.recoverOwn([]);
      }
      const survivor = world.consumer();
      const suspect = await claim(survivor);
      assert.deepEqual([suspect.crashes, suspect.counted], [2, false]);
      const alone = await survivor.queue.open('image:1', { heldHere: false, alone: true });
      assert.ok(alone.kind === 'opened');
      assert.deepEqual([alone.crashes, alone.counted], [2, true]);
      await world.consumer().queue.recoverOwn([]);
      assert.equal((await claim(world.consumer())).crashes, 3);
    }));

  test('puts a suspect behind all others, and another job before them', () =>
    using(async (world) => {
      await submit(world);
      await crash(world, false);
      await submit(world, 'image:2');
      assert.deepEqual(await world.entries('image'), ['image:2', 'image:1']);
      await crash(world, false);
      assert.deepEqual(await world.entries('image'), ['image:1', 'image:2']);
    }));

  test('takes the attempt back once when a suspect that was not counted is given back', () =>
    using(async (world) => {
      await submit(world);
      await crash(world, false);
      await crash(world, false);
      const consumer = world.consumer();
      const { claim: claimed } = await claim(consumer);
      await consumer.queue.requeue(claimed);
      assert.equal((await world.fields('image:1'))['attempts'], '2');
    }));

  test('does not count what a living process has lost sight of', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      const { keys, from } = await consumer.queue.recoverOwn([]);
      assert.deepEqual([keys, from], [['image:1'], 'pod-1']);
      assert.equal((await world.fields('image:1'))['attempts'], '0');
      assert.equal(await consumer.hashes.update(claimed, {}), false);
    }));

  test('gives back what a predecessor of the same name left, the oldest first', () =>
    using(async (world) => {
      const dead = world.consumer();
      for (const n of [1, 2, 3]) await submit(world, `image:${n}`);
      await claim(dead);
      await claim(dead);
      await dead.queue.pop(never);
      const { queue } = world.consumer();
      const { keys } = await queue.recoverOwn([]);
      assert.deepEqual(keys.toSorted(), ['image:1', 'image:2', 'image:3']);
      assert.deepEqual(await world.entries('image'), ['image:3', 'image:2', 'image:1']);
      assert.deepEqual(await world.entries(LIST), []);
      assert.equal((await world.fields('image:3'))['attempts'], undefined);
    }));

  test('leaves what is held, and drops what is finished or gone', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await claimedJob(world, consumer, 'image:held');
      await world.write('image:done', { status: 'done' });
      for (const key of ['image:done', 'image:gone']) await world.pushLeft(LIST, key);
      const { keys } = await consumer.queue.recoverOwn(new Set(['image:held']));
      assert.deepEqual(keys, []);
      assert.deepEqual(await world.entries(LIST), ['image:held']);
      assert.deepEqual(await world.entries('image'), []);
    }));

  test('finds a claimed job whose entry the janitor took before it died itself', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await claimedJob(world, consumer);
      await world.take(LIST, 'image:1');
      assert.deepEqual((await consumer.queue.recoverOwn([])).keys, ['image:1']);
      assert.deepEqual(await world.entries('image'), ['image:1']);
    }));

  test('drops fields of ours that a consumer without claims copied from a parent to a child', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await claimedJob(world, consumer, 'image:parent');
      const copied = await world.fields('image:parent');
      await submit(world, 'image:child', { ...copied, parent: 'image:x', place: '3' });
      const opened = await open(consumer);
      assert.ok(opened.kind === 'opened');
      assert.equal(opened.claim.token, 1);
      assert.notEqual(opened.fields['result_id'], copied['result_id']);
      assert.equal(opened.fields['parent'], undefined);
    }));
}
