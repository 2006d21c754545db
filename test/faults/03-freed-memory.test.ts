import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastValueFrom, of } from 'rxjs';
import { runStage } from '../../src/flow/running/run-stage.ts';
import { defineStage } from '../../src/flow/stage.ts';
import { Graveyard } from '../harness/garbage.ts';
import { jobInFlight } from '../harness/stages/job-in-flight.ts';
import { stageRuntime } from '../harness/stages/stage-runtime.ts';

const MEBIBYTE = 2 ** 20;

interface Raw {
  readonly raw: Uint8Array;
}

test('what a stage frees can be collected while the job is still in work', async () => {
  const graveyard = new Graveyard();
  const { promise: wait, resolve: open } = Promise.withResolvers<void>();
  const { promise: waiting, resolve: arrive } = Promise.withResolvers<void>();
  const decode = defineStage({
    name: 'decode',
    concurrency: 1,
    run: async () => {
      const raw = new Uint8Array(MEBIBYTE);
      graveyard.watch('raw', raw);
      return { raw };
    },
  });
  const count = defineStage({
    name: 'count',
    concurrency: 1,
    frees: ['raw'],
    run: async ({ raw }: Raw) => ({ length: raw.length }),
  });
  const linger = defineStage({
    name: 'linger',
    concurrency: 1,
    run: async () => {
      arrive();
      await wait;
      return {};
    },
  });
  // The signal of a job lives as long as the job.
  const control = new AbortController();
  const runtime = stageRuntime();
  const flow = of(jobInFlight({}, { signal: control.signal })).pipe(
    runStage(decode, runtime),
    runStage(count, runtime),
    runStage(linger, runtime),
  );
  const ended = lastValueFrom(flow);
  await waiting;
  assert.ok(await graveyard.collects('raw'), 'something keeps the freed array alive');
  open();
  assert.deepEqual((await ended).value, { length: MEBIBYTE });
  assert.ok(!control.signal.aborted);
});
