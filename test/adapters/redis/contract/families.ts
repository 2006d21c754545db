import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildJob, Claim, EndedChild, FamilyCounts, Parking } from '../../../../src/ports.ts';
import {
  type Consumer,
  type JobWorld,
  LIST,
  claim,
  claimedJob,
  never,
  open,
  passWithBeats,
  submit,
} from './world.ts';

const PARENTS = 'processing-image-zip:pod-1';

function child(place: number, fields: Readonly<Record<string, string>> = {}): ChildJob {
  return {
    key: `image:child:${place}`,
    queue: 'image',
    place,
    failed: fields['status'] === 'failed',
    fields: { status: 'new', input_file_name: `${place}.tif`, ...fields },
  };
}

function parking(total: number, more: Partial<Parking> = {}): Parking {
  return { total, wakeOnFailure: false, fields: { status: 'waiting' }, ...more };
}

interface Family {
  readonly parents: Consumer;
  readonly workers: Consumer;
  readonly parent: Claim;
}

/** A claimed parent, whose consumer takes archives, and a consumer for its children. */
async function family(world: JobWorld, childrenInQueue = 250): Promise<Family> {
  const parents = world.consumer({ queue: 'image-zip', childrenInQueue });
  const workers = world.consumer();
  for (const { queue } of [parents, workers]) await queue.register(never);
  await submit(world, 'image-zip:p', {}, 'image-zip');
  return { parents, workers, parent: (await claim(parents)).claim };
}

async function work(workers: Consumer, status: 'done' | 'failed' = 'done'): Promise<string> {
  const { claim: claimed } = await claim(workers);
  assert.equal(await workers.hashes.settle(claimed, { status }), 'written');
  return claimed.key;
}

/** What a look at the children of a parent counts. */
async function counts(
  { families }: Consumer,
  parent: Claim,
): Promise<Omit<FamilyCounts, 'parked'>> {
  const { open: waiting, done, failed } = await families.sweep(parent);
  return { open: waiting, done, failed };
}

async function collect(children: AsyncIterable<EndedChild>): Promise<EndedChild[]> {
  const found: EndedChild[] = [];
  for await (const one of children) found.push(one);
  return found;
}

export function familyTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('creates children with a date of expiry, and queues them behind what waits', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      await submit(world, 'image:other');
      assert.equal(await parents.families.submit(parent, [child(0), child(1)]), true);
      assert.deepEqual(await world.entries('image'), [
        'image:child:1',
        'image:child:0',
        'image:other',
      ]);
      const { parent: of, place, status } = await world.fields('image:child:1');
      assert.deepEqual([of, place, status], ['image-zip:p', '1', 'new']);
      assert.ok(((await world.expiry('image:child:1')) ?? 0) > 86_400);
    }));

  test('gives a child all fields of its parent, more than Lua passes to one call', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      const many = Object.fromEntries(
        Array.from({ length: 9001 }, (_, at) => [`f${at}`, `v${at}`]),
      );
      assert.equal(await parents.families.submit(parent, [child(0, many), child(1)]), true);
      const { f0, f499, f500, f9000, status } = await world.fields('image:child:0');
      assert.deepEqual([f0, f499, f500, f9000, status], ['v0', 'v499', 'v500', 'v9000', 'new']);
      assert.equal(Object.keys(await world.fields('image:child:0')).length, 9001 + 6);
      assert.equal((await world.fields('image:child:1'))['f0'], undefined);
    }));

  test('does not create a child twice, whatever became of it', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world, 3);
      const children = [0, 1, 2, 3].map((place) => child(place));
      await parents.families.submit(parent, children.slice(0, 2));
      await work(workers);
      await parents.families.submit(parent, children);
      await parents.families.submit(parent, children);
      const waiting = ['image:child:3', 'image:child:2', 'image:child:1'];
      assert.deepEqual(await world.entries('image'), waiting);
      assert.equal((await world.fields('image:child:0'))['status'], 'done');
    }));

  test('does not create children for a claim that is lost', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      assert.equal(await parents.families.submit({ ...parent, token: 0 }, [child(0)]), false);
      assert.deepEqual(await world.entries('image'), []);
      assert.equal(await parents.families.park({ ...parent, token: 0 }, parking(1)), 'lost');
    }));

  test('lets a window of children into the queue: each that ends lets the next in', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world, 2);
      await parents.families.submit(
        parent,
        [4, 3, 2, 1, 0].map((place) => child(place)),
      );
      assert.deepEqual(await world.entries('image'), ['image:child:3', 'image:child:4']);
      await parents.families.park(parent, parking(5));
      const order: string[] = [];
      for (let n = 0; n < 5; n++) order.push(await work(workers));
      const places = order.map((key) => Number(key.split(':').at(-1)));
      assert.deepEqual(places, [4, 3, 0, 1, 2]);
      assert.deepEqual(await world.entries('image-zip'), ['image-zip:p']);
    }));

  test('counts a child that failed before it was queued', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [
        child(0, { status: 'failed', reason: 'x' }),
        child(1),
      ]);
      assert.equal(await parents.families.park(parent, parking(2)), 'parked');
      await work(workers);
      const { 'children:done': done, 'children:failed': failed } = await world.fields(parent.key);
      assert.deepEqual([done, failed], ['1', '1']);
      assert.deepEqual(await world.entries('image-zip'), ['image-zip:p']);
    }));

  test('parks a parent in its list, and wakes it with the end of its last child', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0), child(1)]);
      assert.equal(await parents.families.park(parent, parking(2)), 'parked');
      assert.deepEqual((await parents.queue.beat([parent])).lost, []);
      assert.equal((await world.fields(parent.key))['attempts'], '0');
      await work(workers);
      assert.deepEqual(await world.entries(PARENTS), ['image-zip:p']);
      await submit(world, 'image-zip:other', {}, 'image-zip');
      await work(workers, 'failed');
      assert.deepEqual(await world.entries(PARENTS), []);
      assert.deepEqual(await world.entries('image-zip'), ['image-zip:other', 'image-zip:p']);
      assert.deepEqual((await parents.queue.beat([parent])).lost, ['image-zip:p']);
      const again = await claim(parents);
      assert.equal(again.claim.key, 'image-zip:p');
      assert.equal(again.fields['children:total'], '2');
      assert.equal(await parents.families.park(again.claim, parking(2)), 'ready');
    }));

  test('writes progress that never falls, and not before the number of children is known', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(
        parent,
        [0, 1, 2].map((place) => child(place)),
      );
      await work(workers);
      const early = await world.fields(parent.key);
      assert.deepEqual([early['children:done'], early['progress']], ['1', undefined]);
      await parents.families.park(parent, parking(3));
      assert.equal((await world.fields(parent.key))['progress'], '33');
      await world.write(parent.key, { progress: '70' });
      await work(workers);
      assert.equal((await world.fields(parent.key))['progress'], '70');
      await work(workers);
      assert.equal((await world.fields(parent.key))['progress'], '99');
    }));

  test('wakes a parent at the first failure if it wants that', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(
        parent,
        [0, 1, 2].map((place) => child(place)),
      );
      await parents.families.park(parent, parking(3, { wakeOnFailure: true }));
      await work(workers);
      assert.deepEqual(await world.entries('image-zip'), []);
      await work(workers, 'failed');
      assert.deepEqual(await world.entries('image-zip'), ['image-zip:p']);
      const again = await claim(parents);
      const ready = await parents.families.park(again.claim, parking(3, { wakeOnFailure: true }));
      assert.equal(ready, 'ready');
    }));

  test('does not park where all children have ended while they were submitted', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await work(workers);
      assert.equal(await parents.families.park(parent, parking(1)), 'ready');
      assert.equal(await parents.hashes.update(parent, {}), true);
    }));

  test('gives ended children in order of place, with the fields asked for', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(
        parent,
        [0, 1, 2, 3].map((place) => child(place, { label: `${place}` })),
      );
      for (const status of ['failed', 'done', 'done'] as const) await work(workers, status);
      await world.remove('image:child:1');
      const found = await collect(parents.families.children(parent, ['label', 'none', 'status']));
      assert.deepEqual(found, [
        {
          key: 'image:child:0',
          place: 0,
          outcome: 'failed',
          fields: { label: '0', status: 'failed' },
        },
        { key: 'image:child:1', place: 1, outcome: 'done', fields: {} },
        { key: 'image:child:2', place: 2, outcome: 'done', fields: { label: '2', status: 'done' } },
      ]);
    }));

  test('sweeps up children that ended without telling, and wakes the parent', () =>
    using(async (world) => {
      const { parents, parent } = await family(world, 2);
      await parents.families.submit(
        parent,
        [0, 1, 2, 3].map((place) => child(place)),
      );
      await parents.families.park(parent, parking(4));
      await world.write('image:child:0', { status: 'done', updated_by: 'python' });
      assert.deepEqual(await counts(parents, parent), { open: 3, done: 1, failed: 0 });
      assert.equal((await world.entries('image')).includes('image:child:2'), true);
      await world.remove('image:child:1');
      await world.remove('image:child:3');
      assert.deepEqual(await counts(parents, parent), { open: 1, done: 1, failed: 2 });
      await world.write('image:child:2', { status: 'failed' });
      assert.deepEqual(await counts(parents, parent), { open: 0, done: 1, failed: 3 });
      assert.deepEqual(await world.entries('image-zip'), ['image-zip:p']);
      assert.equal((await world.fields(parent.key))['children:failed'], '3');
    }));

  test('passes over children that went before they were queued, however many', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world, 1);
      const children = Array.from({ length: 200 }, (_, place) => child(place));
      await parents.families.submit(parent, children);
      await parents.families.park(parent, parking(200));
      for (let place = 1; place < 199; place++) await world.remove(`image:child:${place}`);
      await work(workers);
      await parents.families.sweep(parent);
      assert.deepEqual(await world.entries('image'), ['image:child:199']);
      assert.deepEqual(await counts(parents, parent), { open: 1, done: 1, failed: 198 });
      assert.equal((await world.fields(parent.key))['children:failed'], '198');
      await work(workers);
      assert.deepEqual(await world.entries('image-zip'), ['image-zip:p']);
    }));

  test('queues all children at once, of whosoever parents, once the last consumer of such parents has gone', () =>
    using(async (world) => {
      const { parents, parent } = await family(world, 2);
      const peer = world.consumer({ queue: 'image-zip', host: 'pod-2', childrenInQueue: 2 });
      await peer.queue.register(never);
      const children = Array.from({ length: 5 }, (_, place) => child(place));
      await parents.families.submit(parent, children);
      await parents.families.park(parent, parking(5));
      await parents.families.queueAll();
      assert.equal((await world.entries('image')).length, 2);
      assert.equal(await parents.queue.requeue(parent), true);
      await parents.queue.unregister();
      // Both stop at once: this one was told first, and the other one lives yet.
      await parents.families.queueAll();
      assert.equal((await world.entries('image')).length, 2);
      await peer.queue.unregister();
      await peer.families.queueAll();
      const queued = [4, 3, 2, 1, 0].map((place) => `image:child:${place}`);
      assert.deepEqual(await world.entries('image'), queued);
      await parents.families.queueAll();
      assert.deepEqual(await world.entries('image'), queued);
    }));

  test('queues all children of a parent that somebody else holds, and none of one that has ended or gone', () =>
    using(async (world) => {
      const { parents, parent } = await family(world, 1);
      await parents.families.submit(parent, [child(0), child(1)]);
      await parents.families.park(parent, parking(2));
      await submit(world, 'image-zip:ended', {}, 'image-zip');
      const ended = (await claim(parents)).claim;
      await parents.families.submit(ended, [child(2), child(3)]);
      await parents.queue.requeue(parent);
      await parents.queue.requeue(ended);
      await parents.queue.unregister();
      await world.write('image-zip:ended', { status: 'failed' });
      await world.pushLeft('image-zip', 'image-zip:gone');
      // A consumer without claims, whose lists nobody registers.
      const theirs = 'processing-image-zip:python';
      assert.equal(await world.take('image-zip', parent.key), 1);
      await world.pushLeft(theirs, parent.key);
      await parents.families.queueAll();
      const queued = [1, 2, 0].map((place) => `image:child:${place}`);
      assert.deepEqual(await world.entries('image'), queued);
      assert.deepEqual(await world.fields('image-zip:gone'), {});
    }));

  test('counts a child once that is swept up and settled, or settled twice', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0), child(1)]);
      await parents.families.park(parent, parking(2));
      const { claim: claimed } = await claim(workers);
      await workers.hashes.settle(claimed, { status: 'done' });
      await workers.hashes.settle(claimed, { status: 'done' });
      assert.deepEqual(await counts(parents, parent), { open: 1, done: 1, failed: 0 });
      assert.deepEqual(await world.entries('image-zip'), []);
    }));

  test('ends a family with its parent: open children go, the others expire', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world, 3);
      await parents.families.submit(
        parent,
        [0, 1, 2, 3].map((place) => child(place)),
      );
      await work(workers);
      const { claim: inWork } = await claim(workers);
      assert.equal(await parents.hashes.settle(parent, { status: 'failed' }), 'written');
      assert.equal((await world.expiry('image:child:0')) ?? 0, 3600);
      for (const place of [1, 2, 3]) {
        assert.deepEqual(await world.fields(`image:child:${place}`), {});
      }
      assert.deepEqual((await workers.queue.beat([inWork])).lost, ['image:child:1']);
      assert.equal(await workers.hashes.settle(inWork, { status: 'done' }), 'gone');
      assert.deepEqual(await open(workers), { kind: 'gone' });
      assert.deepEqual(await collect(parents.families.children(parent, [])), []);
    }));

  test('ends a family that is too large for one call', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world, 600);
      const children = Array.from({ length: 1200 }, (_, place) => child(place));
      await parents.families.submit(parent, children);
      const ended = await work(workers);
      await parents.hashes.settle(parent, { status: 'failed' });
      for (const place of [1, 599, 600, 1199]) {
        assert.deepEqual(await world.fields(`image:child:${place}`), {}, `${place}`);
      }
      assert.equal(await world.expiry(ended), 3600);
    }));

  test('notes the objects of children whose parent failed, and nothing that a user owns', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world, 2);
      const id = 'a'.repeat(32);
      // The last two are what a user gave: a result of an earlier job has such a name too.
      const [frame, theirs] = [`output/${id}-frame-0.tif`, `output/${id}.zip`];
      await parents.families.noteObjects(parent, [frame]);
      await parents.families.submit(parent, [
        { ...child(0), fields: { input_file_name: frame } },
        { ...child(1), fields: { input_file_name: theirs } },
        { ...child(2), fields: { input_file_name: 'uploads/c.tif' } },
      ]);
      const { claim: ended } = await claim(workers);
      const output = { output_file_name: `output/${'b'.repeat(32)}.zip` };
      await workers.hashes.settle(ended, { status: 'done', ...output });
      const { fields: inWork } = await claim(workers);
      assert.deepEqual(await parents.families.temporaryObjects(), []);
      await parents.hashes.settle(parent, { status: 'failed' });
      const noted = await parents.families.temporaryObjects();
      assert.deepEqual(
        noted.toSorted(),
        [
          frame,
          `output/${'b'.repeat(32)}.zip`,
          `output/${inWork['result_id'] ?? ''}.zip`,
        ].toSorted(),
      );
      await workers.families.forgetObjects(noted);
      assert.deepEqual(await parents.families.temporaryObjects(), []);
    }));

  test('removes what a parent has noted, whatever became of its children and of itself', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      const ends = async (): Promise<readonly string[]> => {
        await passWithBeats(world, 4, [[workers, []]]);
        const noted = await parents.families.temporaryObjects();
        await parents.families.forgetObjects(noted);
        return noted.toSorted();
      };
      const id = 'a'.repeat(32);
      const objects = Array.from({ length: 5 }, (_, at) => `output/${id}/${at}.tif`);
      assert.equal(await parents.families.noteObjects(parent, [...objects, 'uploads/a.tif']), true);
      await parents.families.submit(parent, [child(0), child(1)]);
      await world.remove('image:child:0');
      await world.remove('image:child:1');
      await world.writeText('image:child:1');
      assert.deepEqual(await ends(), []);
      const noted = await parents.families.notedObjects(parent);
      assert.deepEqual(noted.toSorted(), [...objects, 'uploads/a.tif']);
      // A parent that is done has removed most of them itself.
      await parents.families.forgetNoted(parent, objects.slice(2));
      await parents.hashes.settle(parent, { status: 'done' });
      assert.deepEqual(await ends(), objects.slice(0, 2));
      assert.deepEqual(await parents.families.notedObjects(parent), []);

      assert.deepEqual(await open(workers), { kind: 'gone' });
      assert.deepEqual(await open(workers), { kind: 'gone' });
      const gone = await claimedJob(world, workers, 'image:gone');
      await workers.families.noteObjects(gone, objects);
      assert.deepEqual(await ends(), []);
      await world.remove(gone.key);
      assert.deepEqual(await ends(), objects);
      assert.equal(await workers.families.noteObjects(gone, objects), false);
    }));

  test('takes what came after the end of its parent for left, and nothing of one that goes on', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      const late = [`output/${'a'.repeat(32)}/late.tif`];
      await parents.families.noteObjects(parent, late);
      await parents.families.dropObjects({ ...parent, token: 0 }, late);
      assert.deepEqual(await parents.families.temporaryObjects(), []);
      await parents.hashes.settle(parent, { status: 'failed' });
      await parents.families.forgetObjects(late);
      await parents.families.dropObjects(parent, [...late, 'uploads/a.tif']);
      assert.deepEqual(await parents.families.temporaryObjects(), late);
    }));

  test('keeps the objects of a job that is done once more', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      const objects = [`output/${'a'.repeat(32)}/a.tif`];
      await parents.families.noteObjects(parent, objects);
      await parents.hashes.settle(parent, { status: 'failed' });
      assert.deepEqual(await parents.families.temporaryObjects(), objects);
      await world.write(parent.key, { status: 'new' });
      await world.pushLeft('image-zip', parent.key);
      const { claim: again } = await claim(parents);
      await parents.families.noteObjects(again, objects);
      assert.deepEqual(await parents.families.temporaryObjects(), []);
    }));

  test('leaves the objects of a parent that is done to it', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await work(workers);
      await parents.hashes.settle(parent, { status: 'done' });
      assert.deepEqual(await parents.families.temporaryObjects(), []);
    }));

  test('ends the family of a child that is a parent itself', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      const { claim: middle } = await claim(workers);
      const grandchild = { ...child(1), key: 'spot:1', queue: 'spot' };
      await workers.families.submit(middle, [grandchild]);
      await workers.families.park(middle, parking(1));
      await parents.hashes.settle(parent, { status: 'failed' });
      assert.deepEqual((await workers.queue.beat([middle])).lost, [middle.key]);
      assert.equal((await world.fields(middle.key))['status'], 'failed');
      assert.equal(await world.expiry(middle.key), 3600);
      await passWithBeats(world, 4, [[workers, []]]);
      assert.deepEqual(await world.fields('spot:1'), {});
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('takes a child without a status for one that has not ended', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      await parents.families.submit(parent, [{ ...child(0), fields: { input_file_name: 'a' } }]);
      assert.deepEqual(await counts(parents, parent), { open: 1, done: 0, failed: 0 });
    }));

  test('lets a child expire that a Python consumer has in hand, since it would write it again', () =>
    using(async (world) => {
      const { parents, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await world.write('image:child:0', { status: 'started', updated_by: 'python' });
      await parents.hashes.settle(parent, { status: 'failed' });
      assert.equal(await world.expiry('image:child:0'), 3600);
    }));

  test('ends the children of a parent that is gone', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0), child(1)]);
      await parents.families.park(parent, parking(2));
      await world.remove(parent.key);
      const ended = await work(workers);
      await passWithBeats(world, 4, [[workers, []]]);
      assert.deepEqual(await world.fields(parent.key), {});
      assert.equal(await world.expiry(ended), 3600);
      assert.deepEqual(await world.fields('image:child:1'), {});
      assert.deepEqual(await counts(parents, parent), { open: 0, done: 0, failed: 0 });
    }));

  test('wakes a parent wherever it went: taken over, or put into the queue by the janitor', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await parents.families.park(parent, parking(1));
      await world.take(PARENTS, parent.key);
      await world.pushLeft('image-zip', parent.key);
      await work(workers);
      assert.deepEqual(await world.entries('image-zip'), [parent.key]);
      assert.deepEqual(await world.entries(PARENTS), []);
    }));

  test('leaves a parent to the Python consumer that has taken it', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await parents.families.park(parent, parking(1));
      await world.take(PARENTS, parent.key);
      await world.pushLeft('processing-image-zip:python', parent.key);
      await world.write(parent.key, { updated_by: 'python' });
      await work(workers);
      assert.deepEqual(await world.entries('image-zip'), []);
      assert.deepEqual(await world.entries('processing-image-zip:python'), [parent.key]);
    }));

  test('parks a parent again that was given back, without an attempt', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await parents.families.park(parent, parking(1));
      assert.equal(await parents.queue.requeue(parent), true);
      const peer = world.consumer({ queue: 'image-zip', host: 'pod-2' });
      const again = await claim(peer);
      assert.deepEqual([again.crashes, again.fields['status']], [0, 'waiting']);
      assert.equal(await peer.families.submit(again.claim, [child(0)]), true);
      assert.deepEqual(await world.entries('image'), ['image:child:0']);
      assert.equal(await peer.families.park(again.claim, parking(1)), 'parked');
      await work(workers);
      assert.deepEqual(await world.entries('processing-image-zip:pod-2'), []);
      assert.deepEqual(await world.entries('image-zip'), [parent.key]);
    }));

  test('lets a child be a parent', () =>
    using(async (world) => {
      const { parents, workers, parent } = await family(world);
      await parents.families.submit(parent, [child(0)]);
      await parents.families.park(parent, parking(1));
      const { claim: middle } = await claim(workers);
      const grandchild = { ...child(0), key: 'spot:grandchild', queue: 'spot' };
      await workers.families.submit(middle, [grandchild]);
      await workers.families.park(middle, parking(1));
      await work(world.consumer({ queue: 'spot' }));
      assert.deepEqual(await world.entries('image'), [middle.key]);
      assert.equal(await work(workers), middle.key);
      assert.deepEqual(await world.entries('image-zip'), [parent.key]);
      assert.equal(await world.expiry('spot:grandchild'), 3600);
    }));

  test('keeps the bytes of a parent key that is not UTF-8', () =>
    using(async (world) => {
      const parents = world.consumer();
      const parent = await claimedJob(world, parents, 'image:na\udcefve');
      const spots = world.consumer({ queue: 'spot' });
      await parents.families.submit(parent, [{ ...child(0), key: 'spot:\udce9', queue: 'spot' }]);
      await parents.families.park(parent, parking(1));
      assert.equal(await work(spots), 'spot:\udce9');
      assert.deepEqual(await world.entries('image'), ['image:na\udcefve']);
    }));
}
