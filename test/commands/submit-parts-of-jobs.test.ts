import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, reasonsOf } from '../../src/commands/submit/follow/parts.ts';
import { type Counts, Progress } from '../../src/commands/submit/follow/progress.ts';

test('a job has parts from when it has said how many until it has ended', () => {
  const counted = { 'children:total': '50', 'children:done': '34', 'children:failed': '1' };
  assert.deepEqual(partsOf({ status: 'waiting', ...counted }), { done: 34, failed: 1, total: 50 });
  assert.deepEqual(partsOf({ status: 'waiting', 'children:total': '2' }), {
    done: 0,
    failed: 0,
    total: 2,
  });
  assert.equal(partsOf({ status: 'done', ...counted }), undefined);
  assert.equal(partsOf({ status: 'started' }), undefined);
  assert.equal(partsOf({ status: 'waiting', 'children:done': 'a:1,a:2' }), undefined);
});

test('the parts of all waiting jobs are added up; what has not changed is not told', () => {
  const told: Counts[] = [];
  const progress = new Progress(2, (counts) => told.push(counts));
  progress.setParts('a', { done: 1, failed: 0, total: 4 });
  progress.setParts('b', { done: 2, failed: 1, total: 6 });
  progress.setParts('b', { done: 2, failed: 1, total: 6 });
  assert.deepEqual(told.at(-1)?.parents, { jobs: 2, done: 3, failed: 1, total: 10 });
  progress.setParts('a', undefined);
  progress.setParts('b', undefined);
  progress.setParts('b', undefined);
  assert.equal(told.at(-1)?.parents, undefined);
  assert.equal(told.length, 4);
});

test('failures are told in words, and not all of many', () => {
  assert.equal(reasonsOf('q%3Aa.tif%3A1=it+is+broken'), '1 failed; q:a.tif:1: it is broken');
  const many = new URLSearchParams(
    Array.from({ length: 8 }, (_, at): [string, string] => [`k${at}`, 'no']),
  );
  assert.match(reasonsOf(String(many)), /^8 failed; k0: no; .*k4: no; and 3 more$/);
});
