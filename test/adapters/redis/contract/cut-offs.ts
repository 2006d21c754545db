import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Consumer,
  type JobWorld,
  LIST,
  LIST_2,
  claim,
  claimedJob,
  janitorRequeues,
  never,
  passWithBeats,
  submit,
} from './world.ts';

/** A consumer that was cut off for longer than its lease lasts, and comes back. */
export function cutOffTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  async function consumers(world: JobWorld, count: number): Promise<Consumer[]> {
    const hosts = Array.from({ length: count }, (_, n) => `pod-${n + 1}`);
    const found = hosts.map((host) => world.consumer({ host }));
    for (const { queue } of found) await queue.register(never);
    return found;
  }
  /** The leases of all but one run out, which gives back what they held. */
  async function takeOver(world: JobWorld, peer: Consumer): Promise<void> {
    await passWithBeats(world, 21, [[peer, []]]);
    while ((await peer.queue.takeOverDead()) !== undefined);
  }
  const attempts = async (world: JobWorld): Promise<string | undefined> =>
    (await world.fields('image:1'))['attempts'];

  test('takes the attempt of a holder back that was cut off, while the job waits or another has it; once', () =>
    using(async (world) => {
      for (const isClaimedAnew of [false, true]) {
        const [cut, peer] = await consumers(world, 2);
        assert.ok(cut && peer);
        const old = await claimedJob(world, cut);
        await takeOver(world, peer);
        assert.equal(await attempts(world), '1');
        if (isClaimedAnew) assert.equal((await claim(peer)).crashes, 1);
        for (let repeat = 0; repeat < 2; repeat++) {
          await cut.queue.survived(old);
          assert.equal(await attempts(world), isClaimedAnew ? '1' : '0');
        }
        const opened = isClaimedAnew ? undefined : await claim(peer);
        assert.equal(opened?.crashes ?? 0, 0);
        await world.remove('image:1');
        await takeOver(world, peer);
        await peer.queue.unregister();
      }
    }));

  test('who has lost a job leaves its entry to the holder, whose list then holds the key once', () =>
    using(async (world) => {
      const [cut, peer] = await consumers(world, 2);
      assert.ok(cut && peer);
      const old = await claimedJob(world, cut);
      await takeOver(world, peer);
      await claim(peer);
      const ways = [() => cut.queue.beat([old]), () => cut.queue.recoverOwn([])];
      for (const letGo of ways) {
        // A fail-over may bring an entry back, and lose another.
        await world.take(LIST_2, 'image:1');
        await world.pushLeft(LIST, 'image:1');
        await letGo();
        assert.deepEqual(await world.entries(LIST), []);
        assert.deepEqual(await world.entries(LIST_2), ['image:1']);
      }
    }));

  test('a job whose holders were all cut off is no suspect, however often that was', () =>
    using(async (world) => {
      const holders = await consumers(world, 6);
      const last = holders.pop();
      assert.ok(last);
      await submit(world);
      for (const holder of holders) {
        await holder.queue.beat([]);
        const opened = await claim(holder);
        assert.deepEqual([opened.crashes, opened.counted], [0, true]);
        await takeOver(world, last);
        await holder.queue.beat([opened.claim]);
        await holder.queue.survived(opened.claim);
      }
      assert.equal((await claim(last)).crashes, 0);
    }));

  test('crashes stay counted, whoever else was cut off, before or after', () =>
    using(async (world) => {
      const [dead, cut, peer] = await consumers(world, 3);
      assert.ok(dead && cut && peer);
      await claimedJob(world, dead);
      await takeOver(world, peer);
      await cut.queue.beat([]);
      const { claim: old } = await claim(cut);
      await takeOver(world, peer);
      const newer = await claim(peer);
      assert.deepEqual([newer.crashes, newer.counted], [2, false]);
      // As if the one had the claim of the other.
      for (const token of [old.token - 1, newer.claim.token, 7]) {
        await cut.queue.survived({ key: 'image:1', token });
      }
      await peer.queue.survived(old);
      assert.equal(await attempts(world), '2');
      await cut.queue.survived(old);
      assert.equal(await attempts(world), '1');
    }));

  test('takes an attempt back of a job that the janitor has given to another', () =>
    using(async (world) => {
      const [cut, peer] = await consumers(world, 2);
      assert.ok(cut && peer);
      const old = await claimedJob(world, cut);
      await passWithBeats(world, 21, [[peer, []]]);
      await janitorRequeues(world, LIST, 'image:1');
      assert.equal((await claim(peer)).crashes, 1);
      await cut.queue.survived(old);
      assert.equal(await attempts(world), '1');
    }));

  test('changes nothing of a claim in force, of one that was given back, and of a job that has ended or is gone', () =>
    using(async (world) => {
      const [cut, peer] = await consumers(world, 2);
      assert.ok(cut && peer);
      const old = await claimedJob(world, cut);
      await cut.queue.survived(old);
      assert.equal(await attempts(world), '1');
      await takeOver(world, peer);
      const { claim: newer } = await claim(peer);
      await peer.hashes.settle(newer, { status: 'done' });
      const settled = await world.fields('image:1');
      await cut.queue.survived(old);
      assert.deepEqual(await world.fields('image:1'), settled);
      await world.remove('image:1');
      await cut.queue.survived(old);
      assert.deepEqual(await world.fields('image:1'), {});
      const back = await claimedJob(world, peer);
      await peer.queue.requeue(back);
      await peer.queue.survived(back);
      assert.equal(await attempts(world), '0');
    }));

  test('a job that is started again begins without attempts', () =>
    using(async (world) => {
      for (let run = 0; run < 4; run++) {
        const consumer = world.consumer();
        await consumer.queue.register(never);
        await submit(world);
        const opened = await claim(consumer);
        assert.deepEqual([opened.crashes, opened.counted], [0, true]);
        await consumer.hashes.settle(opened.claim, { status: 'done' });
        await consumer.queue.unregister();
      }
    }));
}
