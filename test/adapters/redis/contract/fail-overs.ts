import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type JobWorld,
  LIST,
  LIST_2,
  PYTHON,
  claim,
  never,
  open,
  pythonTakes,
  submit,
} from './world.ts';

/** A fail-over to a replica that lags behind loses the last writes: hash, list and lease are as they were before. */
export function failOverTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('keeps a claim whose pop was lost: one entry, taken out of the queue', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await consumer.queue.register(never);
      await submit(world);
      const restore = await world.replica();
      const { claim: claimed } = await claim(consumer);
      await restore();
      assert.deepEqual(await world.entries('image'), ['image:1']);
      assert.deepEqual((await consumer.queue.beat([claimed])).lost, []);
      assert.deepEqual(await world.entries('image'), []);
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.equal((await world.fields('image:1'))['claim_token'], '1');
      assert.equal(await consumer.hashes.settle(claimed, { status: 'done' }), 'written');
      for (const list of ['image', LIST]) assert.deepEqual(await world.entries(list), []);
    }));

  test('keeps exactly one entry of a job in work that is popped again after the fail-over', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      const restore = await world.replica();
      const { claim: claimed } = await claim(consumer);
      await restore();
      assert.deepEqual(await open(consumer, { heldHere: true }), { kind: 'held', by: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.equal(await consumer.hashes.update(claimed, { status: 'predicting' }), true);
      assert.deepEqual((await consumer.queue.beat([claimed])).lost, []);
      assert.deepEqual(await world.entries(LIST), ['image:1']);
    }));

  test('keeps a claim of which only the hash was lost', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      await consumer.queue.pop(never);
      const restore = await world.replica();
      const opened = await consumer.queue.open('image:1', { heldHere: false, alone: false });
      assert.ok(opened.kind === 'opened');
      await restore();
      assert.equal(await consumer.hashes.settle(opened.claim, { status: 'done' }), 'written');
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('loses a claim that a peer has made after the fail-over, even with the same token', () =>
    using(async (world) => {
      const [consumer, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [consumer, peer]) await queue.register(never);
      await submit(world);
      const restore = await world.replica();
      const { claim: old } = await claim(consumer);
      await restore();
      const { claim: newer } = await claim(peer);
      assert.equal(newer.token, old.token);
      assert.equal(await consumer.hashes.update(old, {}), false);
      assert.deepEqual((await consumer.queue.beat([old])).lost, ['image:1']);
      assert.equal(await consumer.hashes.settle(old, { status: 'failed' }), 'lost');
      assert.equal(await peer.hashes.settle(newer, { status: 'done' }), 'written');
      for (const list of ['image', LIST, LIST_2]) assert.deepEqual(await world.entries(list), []);
    }));

  test('loses a claim to a peer with a lower token, though a second entry waits in the queue', () =>
    using(async (world) => {
      const [consumer, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [consumer, peer]) await queue.register(never);
      await submit(world);
      const restore = await world.replica();
      await consumer.queue.requeue((await claim(consumer)).claim);
      const { claim: old } = await claim(consumer);
      await restore();
      const { claim: newer } = await claim(peer);
      await world.pushLeft('image', 'image:1');
      assert.ok(newer.token < old.token);
      assert.equal(await consumer.hashes.update(old, {}), false);
      assert.equal(await peer.hashes.update(newer, {}), true);
      assert.deepEqual(await world.entries(LIST_2), ['image:1']);
    }));

  test('loses a claim that a Python consumer has taken after the fail-over', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      const restore = await world.replica();
      const { claim: old } = await claim(consumer);
      await restore();
      await pythonTakes(world);
      assert.equal(await consumer.hashes.update(old, {}), false);
      assert.deepEqual((await consumer.queue.beat([old])).lost, ['image:1']);
      assert.deepEqual(await world.entries(PYTHON), ['image:1']);
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('runs a job again whose outcome was lost', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      const first = await claim(consumer);
      const restore = await world.replica();
      await consumer.hashes.settle(first.claim, { status: 'done' });
      await restore();
      assert.deepEqual((await consumer.queue.recoverOwn([])).keys, ['image:1']);
      const second = await claim(consumer);
      assert.equal(second.fields['result_id'], first.fields['result_id']);
    }));

  test('registers again where its registration was lost', () =>
    using(async (world) => {
      const [consumer, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      const restore = await world.replica();
      await consumer.queue.register(never);
      await restore();
      await consumer.queue.beat([]);
      await submit(world);
      await claim(consumer);
      await world.pushLeft('image', 'image:1');
      assert.deepEqual(await open(peer), { kind: 'held', by: 'pod-1' });
    }));
}
