import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { defineStage } from '../../../src/flow/stage.ts';
import type { Bucket } from '../../../src/ports.ts';
import { findStored, tellStored, unlessStored } from '../../../src/stages/archive/find-stored.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const FILE = 'output/0123456789abcdef0123456789abcdef.zip';
const bucket = {
  publicUrl: (key: string) => `https://store/${key}`,
  openRange: async () => {
    throw new KnownError('missing_object', 'None.');
  },
} as unknown as Bucket;

test('a result counts as stored once that has been told, and is told once', async () => {
  const first = stageContext({ bucket });
  assert.deepEqual(await findStored.run({}, first.context), {});
  await tellStored(first.context);
  const { notes } = first;
  const fields = Object.fromEntries(
    Object.entries(notes).map(([name, value]) => [name, `${value}`]),
  );
  const second = stageContext({ bucket, job: { fields } });
  const stored = { url: `https://store/${FILE}`, fileName: FILE };
  assert.deepEqual(await findStored.run({}, second.context), { stored });
  await tellStored(second.context);
  assert.deepEqual(second.notes, {});
});

test('a guarded stage runs, and asks for memory, only where nothing is stored', async () => {
  let runs = 0;
  const guarded = unlessStored(
    defineStage({
      name: 'make',
      concurrency: 1,
      footprint: ({ bytes }: { bytes: number }) => bytes,
      run: async ({ bytes }: { bytes: number }) => ({ made: bytes, runs: ++runs }),
    }),
  );
  const { context } = stageContext();
  const stored = { url: 'u', fileName: 'f' };
  assert.deepEqual(await guarded.run({ bytes: 3 }, context), { made: 3, runs: 1 });
  assert.deepEqual(await guarded.run({ bytes: 3, stored }, context), { output: stored });
  assert.equal(runs, 1);
  assert.equal(guarded.footprint?.({ bytes: 3 }, context), 3);
  assert.equal(guarded.footprint?.({ bytes: 3, stored }, context), 0);
});
