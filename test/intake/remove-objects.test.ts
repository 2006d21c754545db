import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { removeObjects } from '../../src/intake/remove-objects.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';

const never = new AbortController().signal;

test('objects that the bucket refuses to remove are forgotten, others while it is away are not', async () => {
  const server = new InMemoryJobs(new FakeClock());
  const { families } = server.consumer();
  for (const name of ['a', 'refused', 'away']) server.state.temporary.add(name);
  const asked: string[] = [];
  const bucket = {
    async remove(key: string): Promise<void> {
      asked.push(key);
      if (key === 'refused') throw new KnownError('forbidden_object', 'No.');
      if (key === 'away') throw new KnownError('bucket_unavailable', 'Later.');
    },
  };
  await removeObjects({ families, bucket, signal: never });
  assert.deepEqual(asked, ['a', 'refused', 'away']);
  assert.deepEqual([...server.state.temporary], ['away']);
});
