import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Scenario, simulate } from '../../bench/autoscaling/simulate.ts';
import { JOBS_IN_FLIGHT, REPLICAS, wantedConsumers } from '../../deploy/scaling.ts';

const USUAL: Scenario = {
  images: 20_000,
  arrivalSeconds: 0,
  gpus: 4,
  imagesPerGpu: 6.3,
  coreSeconds: 0.28,
  consumerStartSeconds: 60,
  gpuStartSeconds: 300,
};

test('all images are done, at nearly the pace of the GPUs', () => {
  const { done, seconds, mostConsumers } = simulate(USUAL);
  assert.equal(done, USUAL.images);
  const ideal = USUAL.images / (USUAL.gpus * USUAL.imagesPerGpu);
  assert.ok(seconds < 1.1 * ideal + USUAL.gpuStartSeconds + 240, `${seconds} s, ideal ${ideal} s`);
  assert.ok(mostConsumers <= REPLICAS.most);
});

test('no more consumers are asked for than the GPUs can feed', () => {
  const { mostConsumers } = simulate(USUAL);
  const needed = USUAL.gpus * USUAL.imagesPerGpu * USUAL.coreSeconds;
  assert.ok(mostConsumers <= Math.ceil(needed / 0.7) + 1, `${mostConsumers} for ${needed} cores`);
});

test('nobody who holds jobs is removed while the model servers are away', () => {
  const outcome = simulate({ ...USUAL, outage: [600, 1500] });
  assert.equal(outcome.removedInOutage, 0);
  assert.equal(outcome.done, USUAL.images);
});

test('one consumer wakes for one job, and none is wanted for none', () => {
  assert.equal(wantedConsumers({ busyThreads: 0, heldJobs: 0, waitingJobs: 1 }), 1);
  assert.equal(wantedConsumers({ busyThreads: 0, heldJobs: 0, waitingJobs: 0 }), REPLICAS.least);
});

test('full consumers are kept, busy ones get help', () => {
  assert.equal(
    wantedConsumers({ busyThreads: 0, heldJobs: 5 * JOBS_IN_FLIGHT, waitingJobs: 9 }),
    5,
  );
  assert.equal(wantedConsumers({ busyThreads: 7, heldJobs: 64, waitingJobs: 9 }), 10);
});
