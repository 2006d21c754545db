import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type JobWorld,
  LIST,
  LIST_2,
  claim,
  claimedJob,
  never,
  open,
  passWithBeats,
  submit,
} from './world.ts';

export function leaseTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('gives the jobs of a dead peer back to the queue within 30 s, once', () =>
    using(async (world) => {
      const [dead, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [dead, peer]) await queue.register(never);
      for (const n of [1, 2]) await claimedJob(world, dead, `image:${n}`);
      await passWithBeats(world, 19, [[peer, []]]);
      assert.equal(await peer.queue.takeOverDead(), undefined);
      await passWithBeats(world, 2, [[peer, []]]);
      const taken = await peer.queue.takeOverDead();
      assert.deepEqual(taken?.from, 'pod-1');
      assert.deepEqual(taken.keys.toSorted(), ['image:1', 'image:2']);
      assert.deepEqual(await world.entries('image'), ['image:2', 'image:1']);
      assert.deepEqual(await world.entries(LIST), []);
      assert.equal(await peer.queue.takeOverDead(), undefined);
      assert.equal((await claim(peer)).crashes, 1);
    }));

  test('leaves the jobs of a living peer alone', () =>
    using(async (world) => {
      const [one, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [one, peer]) await queue.register(never);
      const claimed = await claimedJob(world, one);
      await passWithBeats(world, 40, [
        [one, [claimed]],
        [peer, []],
      ]);
      assert.equal(await peer.queue.takeOverDead(), undefined);
      await world.pushLeft('image', 'image:1');
      assert.deepEqual(await open(peer), { kind: 'held', by: 'pod-1' });
    }));

  test('fences a process that wakes after its job was finished elsewhere', () =>
    using(async (world) => {
      const [sleepy, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [sleepy, peer]) await queue.register(never);
      const old = await claimedJob(world, sleepy);
      await passWithBeats(world, 21, [[peer, []]]);
      await peer.queue.takeOverDead();
      const { claim: newer } = await claim(peer);
      assert.ok(newer.token > old.token);
      assert.equal(await sleepy.hashes.update(old, { status: 'predicting' }), false);
      assert.equal(await peer.hashes.settle(newer, { status: 'done', output_url: 'x' }), 'written');
      assert.equal(await sleepy.hashes.update(old, { status: 'predicting' }), false);
      assert.equal(await sleepy.hashes.settle(old, { status: 'failed' }), 'lost');
      assert.equal(await sleepy.queue.requeue(old), false);
      assert.deepEqual((await sleepy.queue.beat([old])).lost, ['image:1']);
      assert.equal((await world.fields('image:1'))['status'], 'done');
      for (const list of ['image', LIST, LIST_2]) assert.deepEqual(await world.entries(list), []);
    }));

  test('does not take a peer for dead after an outage in which nobody could beat', () =>
    using(async (world) => {
      const [one, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [one, peer]) await queue.register(never);
      const claimed = await claimedJob(world, one);
      await world.pass(60_000);
      await peer.queue.beat([]);
      assert.equal(await peer.queue.takeOverDead(), undefined);
      await passWithBeats(world, 3, [[peer, []]]);
      await one.queue.beat([claimed]);
      await passWithBeats(world, 10, [
        [one, [claimed]],
        [peer, []],
      ]);
      assert.equal(await peer.queue.takeOverDead(), undefined);
      assert.equal(await one.hashes.update(claimed, {}), true);
    }));

  test('takes the entries that a janitor has not taken at the same time', () =>
    using(async (world) => {
      const [dead, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [dead, peer]) await queue.register(never);
      for (const n of [1, 2]) await claimedJob(world, dead, `image:${n}`);
      await world.take(LIST, 'image:1');
      await passWithBeats(world, 21, [[peer, []]]);
      await peer.queue.takeOverDead();
      await world.pushLeft('image', 'image:1');
      const keys = [await claim(peer), await claim(peer)].map(({ claim: { key } }) => key);
      assert.deepEqual(keys.toSorted(), ['image:1', 'image:2']);
      for (const entry of await world.entries('image')) {
        assert.equal(entry, 'image:1');
        assert.equal((await open(peer, { heldHere: true })).kind, 'held');
      }
      assert.deepEqual((await world.entries(LIST_2)).toSorted(), ['image:1', 'image:2']);
    }));

  test('finds the job of a dead peer that the janitor took out of its list before it died itself', () =>
    using(async (world) => {
      const [dead, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [dead, peer]) await queue.register(never);
      await claimedJob(world, dead);
      await world.take(LIST, 'image:1');
      await passWithBeats(world, 21, [[peer, []]]);
      assert.deepEqual((await peer.queue.takeOverDead())?.keys, ['image:1']);
      assert.deepEqual(await world.entries('image'), ['image:1']);
    }));

  test('gives back strays of a dead peer, and leaves what a Python consumer of its name works on', () =>
    using(async (world) => {
      const [dead, peer] = [world.consumer(), world.consumer({ host: 'pod-2' })];
      for (const { queue } of [dead, peer]) await queue.register(never);
      await submit(world, 'image:stray');
      await dead.queue.pop(never);
      await submit(world, 'image:python', { status: 'started', updated_by: 'pod-1' });
      await world.move('image', LIST);
      await world.write('image:done', { status: 'done' });
      await world.pushLeft(LIST, 'image:done');
      await passWithBeats(world, 21, [[peer, []]]);
      assert.deepEqual((await peer.queue.takeOverDead())?.keys, ['image:stray']);
      assert.deepEqual(await world.entries(LIST), ['image:python']);
      assert.equal(await peer.queue.takeOverDead(), undefined);
    }));

  test('gives back more jobs than fit into one call, one dead peer after the other', () =>
    using(async (world) => {
      const peer = world.consumer({ host: 'pod-2' });
      const dead = [world.consumer(), world.consumer({ host: 'pod-3' })];
      for (const { queue } of [peer, ...dead]) await queue.register(never);
      for (const [index, consumer] of dead.entries()) {
        for (let n = 0; n < 120; n++) await claimedJob(world, consumer, `image:${index}:${n}`);
      }
      await passWithBeats(world, 21, [[peer, []]]);
      const taken: string[] = [];
      for (;;) {
        const some = await peer.queue.takeOverDead();
        if (some === undefined) break;
        taken.push(...some.keys);
      }
      assert.equal(new Set(taken).size, 240);
      assert.equal((await world.entries('image')).length, 240);
    }));

  test('starts at once where no lease of its name is left', () =>
    using(async (world) => {
      const [first, second] = [world.consumer(), world.consumer()];
      await first.queue.register(never);
      await first.queue.unregister();
      await second.queue.register(never);
      assert.equal((await second.queue.beat([])).twin, false);
    }));

  test('a heartbeat that comes after the end of a lease brings it back no more', () =>
    using(async (world) => {
      const [first, second] = [world.consumer(), world.consumer()];
      await first.queue.register(never);
      await first.queue.unregister();
      assert.deepEqual(await first.queue.beat([]), { lost: [], twin: false });
      // A lease that lives would have to be watched first, while this clock stands still.
      await second.queue.register(never);
      assert.equal((await second.queue.beat([])).twin, false);
    }));

  test('starts after a moment where a predecessor of its name has died, and takes its jobs', () =>
    using(async (world) => {
      const [dead, next] = [world.consumer(), world.consumer()];
      await dead.queue.register(never);
      await claimedJob(world, dead);
      const registered = next.queue.register(never);
      await world.untilSomebodySleeps();
      await world.pass(1300);
      await registered;
      assert.deepEqual((await next.queue.recoverOwn([])).keys, ['image:1']);
      assert.equal((await claim(next)).crashes, 1);
    }));

  test('leaves a key that a successor of a dead peer has just popped, and gives back what the dead one had', () =>
    using(async (world) => {
      const [dead, next, peer] = [
        world.consumer(),
        world.consumer(),
        world.consumer({ host: 'pod-2' }),
      ];
      for (const { queue } of [dead, peer]) await queue.register(never);
      await claimedJob(world, dead);
      await world.pass(21_000);
      await next.queue.register(never);
      await submit(world, 'image:popped');
      assert.equal(await next.queue.pop(never), 'image:popped');
      await passWithBeats(world, 12, [
        [peer, []],
        [next, []],
      ]);
      assert.deepEqual(await peer.queue.takeOverDead(), { keys: ['image:1'], from: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), ['image:popped']);
    }));

  test('refuses to start beside a living process of the same name', () =>
    using(async (world) => {
      const [first, second] = [world.consumer(), world.consumer()];
      await first.queue.register(never);
      const claimed = await claimedJob(world, first);
      const refused = assert.rejects(second.queue.register(never), {
        code: 'duplicate_consumer',
        message: /"image".*"pod-1"/,
      });
      await world.untilSomebodySleeps();
      await world.pass(1000);
      assert.equal((await first.queue.beat([claimed])).twin, false);
      await world.wait(300);
      await refused;
      assert.equal(await first.hashes.update(claimed, {}), true);
    }));

  test('tells a process that was taken for dead that another has its name', () =>
    using(async (world) => {
      const [sleepy, next] = [world.consumer(), world.consumer()];
      await sleepy.queue.register(never);
      const old = await claimedJob(world, sleepy);
      await world.pass(21_000);
      await next.queue.register(never);
      await next.queue.recoverOwn([]);
      const { claim: newer } = await claim(next);
      assert.deepEqual(await sleepy.queue.beat([old]), { lost: ['image:1'], twin: true });
      assert.deepEqual(await next.queue.beat([newer]), { lost: [], twin: false });
      assert.deepEqual((await sleepy.queue.recoverOwn([])).keys, []);
      assert.deepEqual((await sleepy.queue.unregister()).keys, []);
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.deepEqual(await next.queue.beat([newer]), { lost: [], twin: false });
    }));

  test('leaves nothing behind at a clean exit', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await consumer.queue.register(never);
      const claimed = await claimedJob(world, consumer, 'image:returned');
      await consumer.queue.requeue(claimed);
      await submit(world, 'image:stray');
      await world.move('image', LIST);
      const { keys, from } = await consumer.queue.unregister();
      assert.equal(from, 'pod-1');
      assert.equal(keys.length, 1);
      assert.deepEqual(await world.entries(LIST), []);
      assert.deepEqual((await world.entries('image')).toSorted(), [
        'image:returned',
        'image:stray',
      ]);
    }));

  test('reports a claim as lost that a newer one has overtaken, not one that it settled itself', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const one = await claimedJob(world, consumer, 'image:1');
      const other = await claimedJob(world, consumer, 'image:2');
      await consumer.hashes.settle(one, { status: 'done' });
      const { lost } = await consumer.queue.beat([one, { ...other, token: 0 }]);
      assert.deepEqual(lost, ['image:2']);
    }));
}
