import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pipeline } from '../../src/flow/pipeline.ts';
import { type Stage, defineStage } from '../../src/flow/stage.ts';

const read = defineStage({
  name: 'read',
  concurrency: 1,
  run: async () => ({ bytes: new Uint8Array(1) }),
});

const parse = defineStage({
  name: 'parse',
  concurrency: 1,
  frees: ['bytes'],
  run: async ({ bytes }: { bytes: Uint8Array }) => ({ count: bytes.length }),
});

const nothing = defineStage({ name: 'nothing', concurrency: 1, run: async () => ({}) });

function describe<Value>(words: (value: Value) => string): Stage<Value, { text: string }> {
  return { name: 'describe', concurrency: 1, run: async (value) => ({ text: words(value) }) };
}

test('a pipeline keeps its stages in order', () => {
  const { stages } = pipeline(read, parse);
  assert.deepEqual(
    stages.map(({ name }) => name),
    ['read', 'parse'],
  );
});

test('each stage is checked against what the stages before it left', () => {
  pipeline(
    read,
    parse,
    describe(({ count }) => count.toFixed()),
  );
  // @ts-expect-error parse needs the bytes that read leaves
  pipeline(parse, read);
  pipeline(
    read,
    parse,
    // @ts-expect-error parse has freed the bytes
    describe(({ bytes }) => String(bytes)),
  );
  pipeline(
    read,
    parse,
    // @ts-expect-error nobody left a colour
    describe(({ colour }) => String(colour)),
  );
});

test('the types last for sixteen stages, and a longer pipeline does not compile', () => {
  const n = nothing;
  const counted = describe(({ count }: { count: number }) => count.toFixed());
  pipeline(read, parse, n, n, n, n, n, n, n, n, n, n, n, n, n, counted);
  // @ts-expect-error seventeen stages
  pipeline(read, parse, n, n, n, n, n, n, n, n, n, n, n, n, n, n, counted);
});
