import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobWorld, LIST, claim, claimedJob, never, passWithBeats, submit } from './world.ts';

/** A call whose reply was lost is made again: the second must change nothing. */
export function repeatTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('opens a key again without counting twice', () =>
    using(async (world) => {
      const { queue } = world.consumer();
      await submit(world);
      await queue.pop(never);
      await queue.open('image:1', { heldHere: false, alone: false });
      const again = await queue.open('image:1', { heldHere: false, alone: false });
      assert.ok(again.kind === 'opened');
      assert.deepEqual([again.crashes, again.counted], [0, true]);
      assert.equal((await world.fields('image:1'))['attempts'], '1');
      assert.deepEqual(await world.entries(LIST), ['image:1']);
    }));

  test('settles again with the same answer, and the first outcome stays', () =>
    using(async (world) => {
      const { queue, hashes } = world.consumer();
      const claimed = await claimedJob(world, { ...world.consumer(), queue, hashes });
      assert.equal(await hashes.settle(claimed, { status: 'done', output_url: 'x' }), 'written');
      assert.equal(await hashes.settle(claimed, { status: 'done', output_url: 'y' }), 'written');
      assert.equal((await world.fields('image:1'))['output_url'], 'x');
    }));

  test('gives back again without a second entry or a second attempt', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world, 'image:1', { attempts: '1' });
      const { claim: claimed } = await claim(consumer);
      assert.equal(await consumer.queue.requeue(claimed), true);
      assert.equal(await consumer.queue.requeue(claimed), true);
      assert.deepEqual(await world.entries('image'), ['image:1']);
      assert.equal((await world.fields('image:1'))['attempts'], '1');
    }));

  test('does not give back again what somebody else has opened since', () =>
    using(async (world) => {
      const [consumer, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      const claimed = await claimedJob(world, consumer);
      await consumer.queue.requeue(claimed);
      const { claim: newer } = await claim(peer);
      assert.equal(await consumer.queue.requeue(claimed), false);
      assert.equal(await peer.hashes.update(newer, {}), true);
      assert.deepEqual(await world.entries('image'), []);
    }));

  test('touches with an old claim nothing of a newer one of the same process', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const { queue, hashes } = consumer;
      await queue.register(never);
      const old = await claimedJob(world, consumer);
      await queue.requeue(old);
      const { claim: newer, crashes } = await claim(consumer);
      assert.equal(crashes, 0);
      // The reply to the first attempt was lost; a heartbeat and a last write of the old job were under way.
      assert.equal(await queue.requeue(old), true);
      assert.deepEqual((await queue.beat([old])).lost, ['image:1']);
      assert.equal(await hashes.settle(old, { status: 'failed' }), 'lost');
      assert.deepEqual(await world.entries('image'), []);
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.deepEqual((await queue.beat([newer])).lost, []);
      assert.equal(await hashes.settle(newer, { status: 'done' }), 'written');
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('recovers, takes over and ends again without a second entry', () =>
    using(async (world) => {
      const [dead, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [dead, peer]) await queue.register(never);
      await claimedJob(world, dead);
      await passWithBeats(world, 21, [[peer, []]]);
      await peer.queue.takeOverDead();
      assert.equal(await peer.queue.takeOverDead(), undefined);
      await claim(peer);
      await peer.queue.recoverOwn([]);
      assert.deepEqual((await peer.queue.recoverOwn([])).keys, []);
      await peer.queue.unregister();
      assert.deepEqual((await peer.queue.unregister()).keys, []);
      assert.deepEqual(await world.entries('image'), ['image:1']);
    }));

  test('beats, updates and buries again with the same answer', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      for (let round = 0; round < 2; round++) {
        assert.deepEqual((await consumer.queue.beat([claimed])).lost, []);
        assert.equal(await consumer.hashes.update(claimed, { status: 'predicting' }), true);
      }
      for (let round = 0; round < 2; round++) {
        assert.equal(await consumer.hashes.bury(claimed, { status: 'failed' }), 'written');
      }
      assert.equal((await world.letters.list('image')).length, 1);
    }));
}
