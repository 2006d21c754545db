import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ValueAfter, defineStage } from '../../src/flow/stage.ts';

test('a stage is returned as it was declared', () => {
  const stage = {
    name: 'count',
    concurrency: 2,
    frees: ['text'],
    run: async ({ text }: { text: string }) => ({ count: text.length }),
  } as const;
  assert.equal(defineStage(stage), stage);
});

test('what is left after some stages is known to the types', () => {
  const left: ValueAfter<[{ a: number; b: string }, 'none', { c: boolean }, 'b']> = {
    a: 1,
    c: true,
  };
  // @ts-expect-error the last of the stages has freed b
  assert.equal(left.b, undefined);
  // @ts-expect-error c is a boolean
  const wrong: typeof left = { a: 1, c: 'yes' };
  assert.deepEqual(Object.keys(wrong), ['a', 'c']);
});
