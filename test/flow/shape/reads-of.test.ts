import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readsOf } from '../../../src/flow/shape/reads-of.ts';
import type { Job } from '../../../src/job/job.ts';

type Value = Readonly<Record<string, { readonly shape: number[] }>>;

test('what is taken apart in the parameter is read, whatever the function does with it', () => {
  assert.deepEqual(
    readsOf(({ image, heads: maxima }: Value) => [image, maxima]),
    ['image', 'heads'],
  );
});

test('what is read of the value itself, until the function cannot go on without it', () => {
  const read = (value: Value): unknown => [value['labels']?.shape, value['image']?.shape.length];
  assert.deepEqual(readsOf(read), ['labels', 'image']);
  assert.deepEqual(
    readsOf((value: { image: { shape: number[] }; other: unknown }) => [
      value.image.shape.length,
      value.other,
    ]),
    ['image'],
  );
});

test('the job is there, though nothing is known of it', () => {
  const read = ({ labels }: Value, { fields, originalName }: Job): unknown =>
    `${originalName.slice(1)}${fields['level']}${String(labels)}`;
  assert.deepEqual(readsOf(read), ['labels']);
});

test('what every object is asked for is no field, nor what is asked whether it is there', () => {
  assert.deepEqual(
    readsOf((value: Value) => JSON.stringify(value)),
    [],
  );
  assert.deepEqual(
    readsOf((value: Value) => ('mask' in value ? value['mask'] : { ...value })),
    [],
  );
  assert.deepEqual(
    readsOf((value: Value) => Promise.resolve(value)),
    [],
  );
});

test('a promise that is rejected is nobody’s', async () => {
  const rejected: unknown[] = [];
  const listen = (reason: unknown): void => void rejected.push(reason);
  process.on('unhandledRejection', listen);
  assert.deepEqual(
    readsOf(async ({ image }: { image: Value }) => image['a']),
    ['image'],
  );
  await new Promise(setImmediate);
  process.off('unhandledRejection', listen);
  assert.deepEqual(rejected, []);
});
