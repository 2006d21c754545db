import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobWorld, LIST, claim, claimedJob, never, open, submit } from './world.ts';

export function claimTests(
  using: (work: (world: JobWorld) => Promise<void>) => Promise<void>,
): void {
  test('pops keys in the order of their submission, into the processing list', () =>
    using(async (world) => {
      const { queue } = world.consumer();
      const keys = ['image:with space, comma:1', 'image:übung.tif:2', 'image:3'];
      for (const key of keys) await submit(world, key);
      for (const key of keys) assert.equal(await queue.pop(never), key);
      assert.deepEqual(await world.entries(LIST), keys.toReversed());
      assert.deepEqual(await queue.depth(), { waiting: 0, held: 3, deadLetters: 0 });
    }));

  test('keeps the bytes of a key that is not UTF-8', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const key = 'image:na\udcefve \u{1f52c}\udcf0\udc9f\udc94.tif:1';
      await submit(world, key);
      const { claim: claimed } = await claim(consumer);
      assert.equal(claimed.key, key);
      assert.equal((await world.fields(key))['status'], 'started');
      assert.equal(await consumer.hashes.settle(claimed, { status: 'done' }), 'written');
      assert.deepEqual(await world.entries(LIST), []);
      assert.equal((await world.fields(key))['status'], 'done');
    }));

  test('claims a job: a token, an owner, an attempt, a name for its result', () =>
    using(async (world) => {
      await submit(world, 'image:1', { scale: '1' });
      const opened = await claim(world.consumer());
      const { result_id: resultId, ...fields } = await world.fields('image:1');
      assert.match(resultId ?? '', /^[0-9a-f]{32}$/);
      assert.match(fields['updated_at'] ?? '', /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(fields['claim_owner'] ?? '', /^[0-9a-f]{32}@pod-1$/);
      const { updated_at: at, claim_owner: owner, ...rest } = fields;
      assert.deepEqual(rest, {
        status: 'started',
        input_file_name: 'a.tif',
        scale: '1',
        identity_started: 'pod-1',
        updated_by: 'pod-1',
        claim_key: 'image:1',
        claim_token: '1',
        claim_counted: '1',
        attempts: '1',
      });
      assert.deepEqual(opened, {
        kind: 'opened',
        claim: { key: 'image:1', token: 1 },
        fields: {
          status: 'started',
          input_file_name: 'a.tif',
          scale: '1',
          identity_started: 'pod-1',
          updated_by: 'pod-1',
          updated_at: at,
          result_id: resultId,
        },
        tooLong: [],
        crashes: 0,
        counted: true,
      });
      assert.ok(owner);
    }));

  test('writes the time of Redis, however wrong the clock of the consumer is', () =>
    using(async (world) => {
      // The suite gives consumers a clock of its own; on a real Redis it is years off.
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await submit(world, 'image:2');
      await claim(world.consumer({ host: 'pod-2' }));
      const [one, other] = [await world.fields('image:1'), await world.fields('image:2')];
      const apart = Date.parse(other['updated_at'] ?? '') - Date.parse(one['updated_at'] ?? '');
      assert.ok(apart >= 0 && apart < 5000, `${apart} ms`);
      assert.equal(await consumer.hashes.update(claimed, { status: 'predicting' }), true);
    }));

  test('keeps the status of a parent that waits for its children', () =>
    using(async (world) => {
      await submit(world, 'image:1', { status: 'waiting' });
      await claim(world.consumer());
      assert.equal((await world.fields('image:1'))['status'], 'waiting');
    }));

  test('keeps the name of a result from one claim to the next', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await submit(world);
      const first = await claim(consumer);
      await consumer.queue.requeue(first.claim);
      const second = await claim(consumer);
      assert.equal(second.fields['result_id'], first.fields['result_id']);
      assert.equal(second.claim.token, first.claim.token + 1);
    }));

  test('gives a job a name for its result in place of one that is none, and that others may have too', () =>
    using(async (world) => {
      for (const name of ['', '../../secret', 'a'.repeat(70_000), 'g'.repeat(32)]) {
        await submit(world, 'image:1', { result_id: name });
        const { claim: claimed, fields } = await claim(world.consumer());
        assert.match(fields['result_id'] ?? '', /^[0-9a-f]{32}$/);
        await world.remove(claimed.key);
      }
    }));

  test('leaves values out that are too long, and names them', () =>
    using(async (world) => {
      const long = 'x'.repeat(10 * 1024 * 1024);
      await submit(world, 'image:1', { label: long, fits: 'y'.repeat(64 * 1024) });
      const opened = await claim(world.consumer());
      assert.deepEqual(opened.tooLong, ['label']);
      assert.equal(opened.fields['fits']?.length, 64 * 1024);
      assert.equal('label' in opened.fields, false);
    }));

  test('drops the entry of a job that is gone, of another type, or finished', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await world.pushLeft('image', 'image:gone');
      assert.deepEqual(await open(consumer), { kind: 'gone' });
      await world.writeText('image:text');
      await world.pushLeft('image', 'image:text');
      assert.deepEqual(await open(consumer), { kind: 'gone' });
      for (const status of ['done', 'failed']) {
        await submit(world, `image:${status}`, { status });
        assert.deepEqual(await open(consumer), { kind: 'finished' });
        assert.deepEqual(await world.fields(`image:${status}`), {
          status,
          input_file_name: 'a.tif',
        });
      }
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('does not claim a key that somebody has moved meanwhile', () =>
    using(async (world) => {
      const { queue } = world.consumer();
      await submit(world);
      await queue.pop(never);
      await world.take(LIST, 'image:1');
      const opened = await queue.open('image:1', { heldHere: false, alone: false });
      assert.deepEqual(opened, { kind: 'moved' });
      assert.equal((await world.fields('image:1'))['claim_token'], undefined);
    }));

  test('writes fields while the claim lasts', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      assert.equal(await consumer.hashes.update(claimed, { status: 'predicting' }), true);
      assert.equal((await world.fields('image:1'))['status'], 'predicting');
      assert.equal(await consumer.hashes.update({ ...claimed, token: 0 }, { status: 'x' }), false);
      await world.remove('image:1');
      assert.equal(await consumer.hashes.update(claimed, { status: 'x' }), false);
      assert.deepEqual(await world.fields('image:1'), {});
    }));

  test('settles a job: all fields, and no entry left', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      const outcome = { status: 'done', output_url: 'x' };
      assert.equal(await consumer.hashes.settle(claimed, outcome), 'written');
      const { status, output_url: url, updated_by: by } = await world.fields('image:1');
      assert.deepEqual({ status, url, by }, { status: 'done', url: 'x', by: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('does not settle a job whose hash is gone, and does not bring it back', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await world.remove('image:1');
      assert.equal(await consumer.hashes.settle(claimed, { status: 'done' }), 'gone');
      assert.deepEqual(await world.fields('image:1'), {});
      assert.deepEqual(await world.entries(LIST), []);
    }));

  test('gives a job back as the next to be taken, without the attempt', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      for (const n of [2, 3]) await submit(world, `image:${n}`);
      assert.equal(await consumer.queue.requeue(claimed), true);
      assert.deepEqual(await world.entries('image'), ['image:3', 'image:2', 'image:1']);
      assert.deepEqual(await world.entries(LIST), []);
      const { attempts, claim_owner: owner, updated_by: by } = await world.fields('image:1');
      assert.deepEqual([attempts, owner, by], ['0', undefined, undefined]);
      assert.equal((await claim(consumer)).crashes, 0);
    }));

  test('gives a job back behind all others, if it is to wait', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      for (const n of [2, 3]) await submit(world, `image:${n}`);
      for (let round = 0; round < 2; round++)
        assert.equal(await consumer.queue.requeue(claimed, 'last'), true);
      assert.deepEqual(await world.entries('image'), ['image:1', 'image:3', 'image:2']);
      assert.deepEqual(await world.entries(LIST), []);
      assert.equal((await world.fields('image:1'))['attempts'], '0');
    }));

  test('does not open a second entry of a job in work, and keeps exactly one entry', () =>
    using(async (world) => {
      const consumer = world.consumer();
      const claimed = await claimedJob(world, consumer);
      await world.pushLeft('image', 'image:1');
      assert.deepEqual(await open(consumer, { heldHere: true }), { kind: 'held', by: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), ['image:1']);
      assert.equal(await consumer.hashes.update(claimed, {}), true);
    }));

  test('keeps exactly one entry when the only one came back through the queue', () =>
    using(async (world) => {
      const consumer = world.consumer();
      await claimedJob(world, consumer);
      await world.take(LIST, 'image:1');
      await world.pushLeft('image', 'image:1');
      assert.deepEqual(await open(consumer, { heldHere: true }), { kind: 'held', by: 'pod-1' });
      assert.deepEqual(await world.entries(LIST), ['image:1']);
    }));

  test('ends a pop that is given up, and leaves no key behind', () =>
    using(async (world) => {
      const { queue } = world.consumer();
      const control = new AbortController();
      const popped = assert.rejects(queue.pop(control.signal), {
        code: 'internal',
        message: /enough/,
      });
      control.abort(new Error('enough'));
      await popped;
      await submit(world);
      assert.deepEqual(await world.entries('image'), ['image:1']);
      assert.equal(await queue.pop(never), 'image:1');
    }));
}
