import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type JobWorld,
  LIST,
  LIST_2,
  PYTHON,
  claim,
  claimedJob,
  janitorRequeues,
  never,
  open,
  pythonTakes,
  submit,
} from './world.ts';

/** Beside Python consumers and the janitor, which know no claims. */
export function neighbourTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('takes a job in work back out of the queue after the janitor put it there', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await janitorRequeues(world, LIST, 'image:1');
      assert.deepEqual(await consumer.queue.beat([claimed]), { lost: [], twin: false });
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.deepEqual(await world.entries('image'), []);
    }));

  test('keeps its entry when it beats between LREM and LPUSH of the janitor', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const peer = world.consumer({ host: 'pod-2' });
      await consumer.queue.register(never);
      const claimed = await claimedJob(world, consumer);
      await world.take(LIST, 'image:1');
      await consumer.queue.beat([claimed]);
      await world.pushLeft('image', 'image:1');
      assert.deepEqual(await open(peer), { kind: 'held', by: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.deepEqual(await world.entries(LIST_2), []);
      assert.equal(await consumer.hashes.settle(claimed, { status: 'done' }), 'written');
    }));

  test('puts the only entry of a job in work back where its holder is', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const peer = world.consumer({ host: 'pod-2' });
      await consumer.queue.register(never);
      await claimedJob(world, consumer);
      await janitorRequeues(world, LIST, 'image:1');
      assert.deepEqual(await open(peer), { kind: 'held', by: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.deepEqual(await world.entries(LIST_2), []);
    }));

  test('beats one entry into shape where there are two', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await world.pushLeft(LIST, 'image:1');
      await consumer.queue.beat([claimed]);
      assert.deepEqual(await world.entries(LIST), ['image:1']);
    }));

  test('loses the claim once a Python consumer has taken the job over', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await janitorRequeues(world, LIST, 'image:1');
      await pythonTakes(world);
      assert.equal(await consumer.hashes.update(claimed, { status: 'predicting' }), false);
      assert.deepEqual((await consumer.queue.beat([claimed])).lost, ['image:1']);
      assert.equal(await consumer.hashes.settle(claimed, { status: 'failed' }), 'lost');
      assert.equal(await consumer.queue.requeue(claimed), false);
      assert.deepEqual(await world.entries(LIST), []);
      assert.deepEqual(await world.entries(PYTHON), ['image:1']);
      assert.equal((await world.fields('image:1'))['status'], 'started');
    }));

  test('never changes what a Python consumer has finished', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await janitorRequeues(world, LIST, 'image:1');
      await pythonTakes(world);
      await world.write('image:1', { status: 'done', output_url: 'python' });
      await world.take(PYTHON, 'image:1');
      assert.equal(await consumer.hashes.update(claimed, { status: 'predicting' }), false);
      assert.equal(await consumer.hashes.settle(claimed, { status: 'failed' }), 'lost');
      assert.deepEqual((await consumer.queue.beat([claimed])).lost, ['image:1']);
      const { status, output_url: url } = await world.fields('image:1');
      assert.deepEqual([status, url], ['done', 'python']);
    }));

  test('leaves a job to the Python consumer that works on it', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      await pythonTakes(world);
      await world.pushLeft('image', 'image:1');
      assert.deepEqual(await open(consumer), { kind: 'held', by: 'python' });
      assert.deepEqual(await world.entries(LIST), []);
      assert.deepEqual(await world.entries(PYTHON), ['image:1']);
    }));

  test('takes a job that a Python consumer has put back', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      await pythonTakes(world);
      await world.move(PYTHON, 'image');
      assert.equal((await claim(consumer)).claim.token, 1);
    }));

  test('does not take entries from the lists of Python consumers', () =>
    using(async (world) => {
      const { queue } = world.consumer();
      await queue.register(never);
      await submit(world);
      await pythonTakes(world);
      await world.pass(60_000);
      assert.equal(await queue.takeOverDead(), undefined);
      assert.deepEqual(await world.entries(PYTHON), ['image:1']);
    }));

  test('gives its own lost entry back to the queue when nobody works on the job', () =>
    using(async (world) => {
      const [sleepy, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      await sleepy.queue.register(never);
      const claimed = await claimedJob(world, sleepy);
      const { claim: newer } = await takenByPeer(world, peer);
      await peer.queue.requeue(newer);
      assert.deepEqual(await open(sleepy, { heldHere: true }), { kind: 'held', by: 'pod-1' });
      assert.deepEqual((await sleepy.queue.beat([claimed])).lost, ['image:1']);
      assert.deepEqual(await world.entries('image'), ['image:1']);
      assert.deepEqual(await world.entries(LIST), []);
    }));
}

/** The lease of pod-1 runs out, and its job is opened elsewhere. */
async function takenByPeer(world: JobWorld, peer: ReturnType<JobWorld['consumer']>) {
  await peer.queue.register(never);
  await world.pass(21_000);
  await peer.queue.takeOverDead();
  return claim(peer);
}
