import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeOrphan } from '../../src/settlement/remove-orphan.ts';

const never = new AbortController().signal;
const job = { key: 'image:1', queue: 'image', fields: {}, inputFileName: 'a', originalName: 'a' };
const child = { ...job, resultId: 'r', parent: 'image-zip:p' };

/** The objects that are removed for a job of which the hash is, or is not, there. */
async function removedFor(one: Parameters<typeof removeOrphan>[0], exists: boolean) {
  const removed: string[] = [];
  const bucket = { remove: async (key: string) => void removed.push(key) };
  const hashes = { exists: () => Promise.resolve(exists) };
  await removeOrphan(one, { hashes, runtime: { ports: { bucket } } }, never);
  return removed;
}

test('a child whose hash is gone leaves no result behind', async () => {
  assert.deepEqual(await removedFor(child, false), ['output/r.zip']);
});

test('the result of a child that another consumer works on stays, as does that of any other job', async () => {
  assert.deepEqual(await removedFor(child, true), []);
  assert.deepEqual(await removedFor({ ...job, resultId: 'r' }, false), []);
});
