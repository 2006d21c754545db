import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkItem } from '../../../../../src/adapters/model-server/scheduler/requests/pending-request.ts';
import { WorkQueue } from '../../../../../src/adapters/model-server/scheduler/requests/work-queue.ts';
import { KnownError } from '../../../../../src/errors.ts';
import { sampleItems } from '../sample-requests.ts';

const roomy = { rows: 1000, bytes: 1e9 };

function names(items: readonly WorkItem[] | undefined): string[] {
  return (items ?? []).map(({ request, firstRow }) => `${request.asked.job}${firstRow}`);
}

function onlyKey(queue: WorkQueue): string {
  const [turn] = queue.turns();
  assert.ok(turn);
  return turn.batchKey;
}

describe('WorkQueue', () => {
  it('mixes jobs with one batch key and keeps the order within a job', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ job: 'a', rows: 4 }));
    queue.add(sampleItems({ job: 'b', rows: 2 }));
    const taken = queue.take(onlyKey(queue), roomy);
    assert.deepEqual(names(taken), ['a0', 'b0', 'a1', 'b1', 'a2', 'a3']);
    assert.deepEqual(queue.turns(), []);
  });

  it('serves a small job within a batch of a huge one', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ job: 'huge', rows: 1000 }));
    const key = onlyKey(queue);
    for (let batch = 0; batch < 10; batch++) queue.take(key, { rows: 32, bytes: 1e9 });
    queue.add(sampleItems({ job: 'small', rows: 3 }));
    const next = names(queue.take(key, { rows: 32, bytes: 1e9 }));
    assert.deepEqual(
      next.filter((name) => name.startsWith('small')),
      ['small0', 'small1', 'small2'],
    );
  });

  it('shares a batch among queues, however many jobs one of them has', () => {
    const queue = new WorkQueue();
    for (let job = 0; job < 100; job++)
      queue.add(sampleItems({ job: `flood${job}-`, queue: 'flood', rows: 4 }));
    const key = onlyKey(queue);
    queue.take(key, { rows: 64, bytes: 1e9 });
    queue.add(sampleItems({ job: 'single', queue: 'quiet', rows: 8 }));
    const next = names(queue.take(key, { rows: 16, bytes: 1e9 }));
    assert.equal(next.filter((name) => name.startsWith('single')).length, 8);
  });

  it('gives the turn to the batch key of a quiet queue before those of a flood', () => {
    const queue = new WorkQueue();
    for (let job = 0; job < 40; job++)
      queue.add(sampleItems({ job: `${job}`, queue: 'flood', model: 'busy', rows: 4 }));
    queue.take(onlyKey(queue), { rows: 32, bytes: 1e9 });
    queue.add(sampleItems({ job: 'single', queue: 'quiet', model: 'idle', rows: 32 }));
    const served = Array.from({ length: 4 }, () => {
      const key = onlyKey(queue);
      queue.take(key, { rows: 8, bytes: 1e9 });
      return key.split(':')[0];
    });
    assert.deepEqual(served, ['idle', 'busy', 'idle', 'busy']);
  });

  it('owes a queue nothing for the time in which it had no jobs', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ job: 'a', queue: 'one', rows: 100 }));
    const key = onlyKey(queue);
    queue.take(key, { rows: 80, bytes: 1e9 });
    queue.add(sampleItems({ job: 'b', queue: 'two', rows: 100 }));
    const next = names(queue.take(key, { rows: 20, bytes: 1e9 }));
    assert.equal(next.filter((name) => name.startsWith('b')).length, 10);
  });

  it('gives the turn to the batch key of the job that was served least', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ job: 'a', model: 'first', rows: 64 }));
    queue.add(sampleItems({ job: 'b', model: 'second', rows: 64 }));
    const served = Array.from({ length: 4 }, () => {
      const key = onlyKey(queue);
      queue.take(key, { rows: 8, bytes: 1e9 });
      return key.split(':')[0];
    });
    assert.deepEqual(served, ['first', 'second', 'first', 'second']);
  });

  it('stops at the bytes that a batch may have, but takes at least one item', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ rows: 5, width: 10 }));
    const key = onlyKey(queue);
    assert.equal(queue.take(key, { rows: 9, bytes: 80 })?.length, 2);
    assert.equal(queue.take(key, { rows: 9, bytes: 1 })?.length, 1);
    const [turn] = queue.turns();
    assert.deepEqual([turn?.rows, turn?.bytes], [2, 80]);
  });

  it('puts items back where they were', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ job: 'a', rows: 4 }));
    const key = onlyKey(queue);
    const taken = queue.take(key, { rows: 2, bytes: 1e9 });
    queue.putBack(taken ?? []);
    assert.deepEqual(names(queue.take(key, roomy)), ['a0', 'a1', 'a2', 'a3']);
  });

  it('drops what nobody waits for any more', () => {
    const queue = new WorkQueue();
    const gone = sampleItems({ job: 'a', rows: 4 });
    queue.add(gone);
    queue.add(sampleItems({ job: 'a', rows: 1 }));
    assert.ok(gone[0]);
    queue.drop(gone[0].request);
    assert.deepEqual(
      queue.turns().map(({ rows }) => rows),
      [1],
    );
  });

  it('keeps requests that must stay whole apart', () => {
    const queue = new WorkQueue();
    queue.add(sampleItems({ job: 'a', rows: 3, splittable: false }));
    queue.add(sampleItems({ job: 'b', rows: 2, splittable: false }));
    const taken = queue.take(onlyKey(queue), { rows: 3, bytes: 1e9 });
    assert.deepEqual(
      taken?.map(({ rows }) => rows),
      [3],
    );
  });

  it('hands out separate batches as they were added, without rows that were given up', () => {
    const queue = new WorkQueue();
    const [a] = sampleItems({ job: 'a', rows: 1 });
    const [b] = sampleItems({ job: 'b', rows: 1 });
    assert.ok(a && b);
    queue.addSeparate([a]);
    queue.addSeparate([a, b]);
    a.request.fail(new KnownError('model_rejected', 'no'));
    assert.deepEqual(names(queue.takeSeparate(() => 'server')?.items), ['b0']);
    assert.equal(
      queue.takeSeparate(() => 'server'),
      undefined,
    );
  });

  it('passes over separate batches for which there is no server', () => {
    const queue = new WorkQueue();
    const [a] = sampleItems({ job: 'a', model: 'hung', rows: 1 });
    const [b] = sampleItems({ job: 'b', model: 'good', rows: 1 });
    assert.ok(a && b);
    queue.addSeparate([a]);
    queue.addSeparate([b]);
    const serverFor = (item: WorkItem): string | undefined =>
      item.request.model === 'good:1' ? 'server' : undefined;
    assert.deepEqual(names(queue.takeSeparate(serverFor)?.items), ['b0']);
    assert.equal(queue.takeSeparate(serverFor), undefined);
    assert.deepEqual(names(queue.takeSeparate(() => 'server')?.items), ['a0']);
  });

  it('puts rows that are to be sent alone back as separate batches, one for each request', () => {
    const queue = new WorkQueue();
    const items = [
      ...sampleItems({ job: 'a', rows: 2 }),
      ...sampleItems({ job: 'b', rows: 1 }),
      ...sampleItems({ job: 'c', rows: 1 }),
    ];
    for (const item of items.slice(0, 3)) item.alone = true;
    queue.putBack(items);
    const batches = [1, 2, 3].map(() => names(queue.takeSeparate(() => 'server')?.items));
    assert.deepEqual(batches, [['a0', 'a1'], ['b0'], []]);
    assert.equal(queue.rows, 1);
  });
});
