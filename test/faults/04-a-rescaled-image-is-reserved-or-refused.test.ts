import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastValueFrom, of } from 'rxjs';
import { runStage } from '../../src/flow/running/run-stage.ts';
import { CELLS } from '../../src/imaging/applications/application.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { kernels } from '../../src/kernels.ts';
import { preprocess } from '../../src/stages/preprocess.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting } from '../harness/images/described-image.ts';
import { jobInFlight } from '../harness/stages/job-in-flight.ts';
import { stagePorts } from '../harness/stages/stage-ports.ts';
import { stageRuntime } from '../harness/stages/stage-runtime.ts';

const never = new AbortController().signal;
const model = { name: 'Fake', version: 1 };
/** As float32, once the image is ten times as high and as wide. */
const RESCALED_BYTES = 4 * 400 * 400;

/** Preprocesses an image of 40 × 40 pixels at scale 10 with so much memory: how that ended, and the most that was reserved. */
async function enlarge(most: number, compute = stagePorts().compute) {
  const pool = new PermitPool({ jobs: 2, bytes: 1000, most });
  let reserved = 0;
  const runtime = stageRuntime({
    ports: stagePorts({ compute }),
    emit: () => (reserved = Math.max(reserved, pool.held.bytes)),
  });
  const passes = [{ application: CELLS, model, scale: 10, image: counting(1, 40, 40, 1) }];
  const job = jobInFlight({ passes }, { permit: await pool.acquire(never) });
  const { failure } = await lastValueFrom(of(job).pipe(runStage(preprocess, runtime)));
  return { failure, reserved };
}

test('memory for the rescaled image is reserved before it is made', async () => {
  const { failure, reserved } = await enlarge(2 ** 30, new InlinePool(kernels));
  assert.equal(failure, undefined);
  assert.ok(reserved >= RESCALED_BYTES, `${reserved} bytes were reserved`);
});

test('an image whose rescaled size does not fit is refused before it is made, in plain words', async () => {
  const { failure, reserved } = await enlarge(RESCALED_BYTES);
  assert.equal(failure?.code, 'out_of_memory');
  assert.match(
    failure?.message ?? '',
    /^The image needs \d+ MiB of memory to process, but the consumer has 1 MiB\.$/,
  );
  assert.equal(reserved, 0);
});
