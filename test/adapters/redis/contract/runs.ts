import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildJob, Claim } from '../../../../src/ports.ts';
import { type JobWorld, claim, claimedJob, never, open, passWithBeats, submit } from './world.ts';

const PARENT = 'image-zip:p';
const PARENTS = 'processing-image-zip:pod-1';

/** The keys of children of two runs differ, since those of two results do. */
function child(run: number, place: number): ChildJob {
  const fields = { status: 'new', input_file_name: `output/${`${run}`.repeat(32)}/${place}.tif` };
  return { key: `image:child:${run}:${place}`, queue: 'image', place, failed: false, fields };
}

const parking = (total: number) => ({
  total,
  wakeOnFailure: false,
  fields: {
    status: 'waiting',
    children: 'listed',
    'children:finds': 'spots',
    'children:version': '7',
  },
});

/** A job with the same key once more: what an earlier one left must be no part of it. */
export function runTests(using: (work: (world: JobWorld) => Promise<void>) => Promise<void>): void {
  async function consumers(world: JobWorld) {
    const parents = world.consumer({ queue: 'image-zip' });
    const workers = world.consumer();
    for (const { queue } of [parents, workers]) await queue.register(never);
    return { parents, workers };
  }
  type Both = Awaited<ReturnType<typeof consumers>>;

  /** A parent of two children, of which the first is done. */
  async function parkedParent(world: JobWorld, { parents, workers }: Both): Promise<Claim> {
    await submit(world, PARENT, {}, 'image-zip');
    const { claim: parent } = await claim(parents);
    await parents.families.noteObjects(parent, [`output/${'1'.repeat(32)}/0.tif`]);
    await parents.families.submit(parent, [child(1, 0), child(1, 1)]);
    assert.equal(await parents.families.park(parent, parking(2)), 'parked');
    const { claim: first } = await claim(workers);
    await workers.hashes.settle(first, { status: 'done' });
    return parent;
  }

  /** The next run, from its claim to its join. */
  async function secondRun({ parents, workers }: Both): Promise<void> {
    const opened = await claim(parents);
    const parent = opened.claim;
    assert.equal(opened.fields['children:total'], undefined);
    assert.equal(opened.fields['children:version'], undefined);
    await parents.families.submit(parent, [child(2, 0)]);
    assert.equal(await parents.families.park(parent, parking(1)), 'parked');
    // Children of the old run may still be in the queue: they end without a word to this one.
    for (let key = ''; key !== 'image:child:2:0';) {
      const next = await open(workers);
      if (next.kind !== 'opened') continue;
      key = next.claim.key;
      await workers.hashes.settle(next.claim, { status: 'done' });
    }
    const joined = await claim(parents);
    assert.equal(joined.fields['children:total'], '1');
    const found: string[] = [];
    for await (const { key } of parents.families.children(joined.claim, [])) found.push(key);
    assert.deepEqual(found, ['image:child:2:0']);
    assert.equal(await parents.hashes.settle(joined.claim, { status: 'done' }), 'written');
  }

  async function nothingLeft(world: JobWorld, { workers, parents }: Both): Promise<void> {
    await passWithBeats(world, 12, [
      [workers, []],
      [parents, []],
    ]);
    assert.deepEqual(await world.fields('image:child:1:1'), {});
    const noted = await parents.families.temporaryObjects();
    assert.ok(noted.includes(`output/${'1'.repeat(32)}/0.tif`));
    assert.deepEqual(await world.entries(PARENTS), []);
  }

  test('a parent that was deleted and submitted again has none of the old children', () =>
    using(async (world) => {
      const both = await consumers(world);
      await parkedParent(world, both);
      const { claim: inWork } = await claim(both.workers);
      await world.remove(PARENT);
      await submit(world, PARENT, {}, 'image-zip');
      await passWithBeats(world, 2, [[both.workers, [inWork]]]);
      await secondRun(both);
      await nothingLeft(world, both);
      assert.deepEqual((await both.workers.queue.beat([inWork])).lost, [inWork.key]);
    }));

  test('a job that is submitted under the key of one in work is not taken for it', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await consumer.queue.register(never);
      const old = await claimedJob(world, consumer);
      await world.remove(old.key);
      await submit(world, old.key, { input_file_name: 'other.tif' });
      assert.deepEqual((await consumer.queue.beat([old])).lost, [old.key]);
      assert.equal(await consumer.hashes.settle(old, { status: 'done' }), 'lost');
      assert.deepEqual(await world.entries('image'), [old.key]);
      const { claim: next, fields } = await claim(consumer);
      assert.equal(fields['input_file_name'], 'other.tif');
      assert.equal(await consumer.hashes.settle(next, { status: 'done' }), 'written');
    }));

  test('a job that somebody sets to new once more, parked or ended, begins anew', () =>
    using(async (world) => {
      const both = await consumers(world);
      const parent = await parkedParent(world, both);
      const before = await world.fields(PARENT);
      await world.write(PARENT, { status: 'new', progress: '99', warnings: 'Odd.' });
      await world.pushLeft('image-zip', PARENT);
      await secondRun(both);
      await nothingLeft(world, both);
      const after = await world.fields(PARENT);
      assert.notEqual(after['result_id'], before['result_id']);
      assert.deepEqual([after['warnings'], after['progress']], [undefined, '99']);
      assert.equal(await both.parents.hashes.update(parent, {}), false);
      await world.write(PARENT, { status: 'new' });
      await world.pushLeft('image-zip', PARENT);
      const again = await claim(both.parents);
      assert.deepEqual(
        [again.fields['children:total'], again.fields['progress'], again.fields['children']],
        [undefined, undefined, undefined],
      );
    }));

  test('a parent that is redriven begins anew', () =>
    using(async (world) => {
      const both = await consumers(world);
      const parent = await parkedParent(world, both);
      await both.parents.hashes.bury(parent, { status: 'failed', reason: 'Crashed.' });
      assert.equal(await world.letters.redrive('image-zip', PARENT), 'redriven');
      const { progress, reason, children } = await world.fields(PARENT);
      assert.deepEqual([progress, reason, children], [undefined, undefined, undefined]);
      await secondRun(both);
      await nothingLeft(world, both);
    }));

  test('a part of another job is not redriven: that one has counted it', () =>
    using(async (world) => {
      const both = await consumers(world);
      await parkedParent(world, both);
      const { claim: part } = await claim(both.workers);
      await both.workers.hashes.bury(part, { status: 'failed', reason: 'Crashed.' });
      assert.equal(await world.letters.redrive('image', part.key), 'part');
      assert.deepEqual(await world.entries('image'), []);
      assert.equal((await world.letters.list('image')).length, 1);
    }));

  test('a job without parts has nothing to do with those of an earlier job of its key', () =>
    using(async (world) => {
      const both = await consumers(world);
      await parkedParent(world, both);
      assert.equal((await claim(both.workers)).claim.key, 'image:child:1:1');
      await world.remove(PARENT);
      const taken = await claimedJob(world, both.workers, PARENT);
      await passWithBeats(world, 12, [[both.workers, [taken]]]);
      assert.deepEqual(await world.fields('image:child:1:1'), {});
      assert.equal(await both.workers.hashes.settle(taken, { status: 'done' }), 'written');
    }));

  test('a parent of which a fail-over has lost children is split again, which makes those anew', () =>
    using(async (world) => {
      const { parents, workers } = await consumers(world);
      await submit(world, PARENT, {}, 'image-zip');
      const { claim: parent } = await claim(parents);
      await parents.families.submit(parent, [child(1, 0)]);
      const { claim: first } = await claim(workers);
      await workers.hashes.settle(first, { status: 'done' });
      const failOver = await world.replica();
      await parents.families.submit(parent, [child(1, 1)]);
      await failOver();
      assert.equal(await parents.families.park(parent, parking(2)), 'short');
      assert.equal(await parents.queue.requeue(parent), true);
      const { claim: again, fields } = await claim(parents);
      assert.equal(fields['children:total'], undefined);
      await parents.families.submit(again, [child(1, 0), child(1, 1)]);
      assert.deepEqual(await world.entries('image'), ['image:child:1:1']);
      assert.equal(await parents.families.park(again, parking(2)), 'parked');
    }));

  test('a job copied from a parent has none of its children and nothing of its result', () =>
    using(async (world) => {
      const both = await consumers(world);
      const parent = await parkedParent(world, both);
      await world.write(PARENT, { result_stored: '1' });
      const fields = await world.fields(PARENT);
      await both.parents.hashes.settle(parent, {
        status: 'done',
        output_url: 'x',
        total_time: '1,2',
      });
      for (const status of ['new', 'started']) {
        await submit(
          world,
          'image-zip:copy',
          { ...fields, ...(await world.fields(PARENT)), status },
          'image-zip',
        );
        const { fields: copied } = await claim(both.parents);
        const names = ['result_stored', 'children:total', 'children', 'output_url', 'total_time'];
        assert.deepEqual(
          names.filter((name) => copied[name] !== undefined),
          [],
        );
        assert.notEqual(copied['result_id'], fields['result_id']);
        await world.remove('image-zip:copy');
      }
    }));

  test('a split that goes on after a fail-over, and is then begun anew, has no children twice', () =>
    using(async (world) => {
      const { parents } = await consumers(world);
      await submit(world, PARENT, {}, 'image-zip');
      const failOver = await world.replica();
      const { claim: parent } = await claim(parents);
      await failOver();
      assert.deepEqual((await parents.queue.beat([parent])).lost, []);
      await parents.families.submit(parent, [child(1, 0), child(1, 1)]);
      await parents.hashes.update(parent, { status: 'downloading' });
      // Its process crashes; the next holder has no name of the result, and so other keys.
      await parents.queue.requeue(parent);
      const { claim: again } = await claim(parents);
      await parents.families.submit(again, [child(2, 0), child(2, 1)]);
      assert.deepEqual(await parents.families.sweep(again), {
        parked: false,
        open: 2,
        done: 0,
        failed: 0,
      });
    }));

  test('a sweep tells of a parent whose parking a fail-over has lost', () =>
    using(async (world) => {
      const { parents } = await consumers(world);
      await submit(world, PARENT, {}, 'image-zip');
      const { claim: parent } = await claim(parents);
      const failOver = await world.replica();
      await parents.families.submit(parent, [child(1, 0)]);
      await parents.families.park(parent, parking(1));
      assert.equal((await parents.families.sweep(parent)).parked, true);
      await failOver();
      assert.equal((await parents.families.sweep(parent)).parked, false);
      assert.equal(await parents.queue.requeue(parent), true);
      assert.deepEqual(await world.entries('image-zip'), [PARENT]);
      await world.remove(PARENT);
      assert.equal((await parents.families.sweep(parent)).parked, true);
    }));
}
