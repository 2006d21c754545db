import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { type Breakers, breakersOf } from '../../src/flow/circuit-breaker/breakers.ts';
import { defineStage } from '../../src/flow/stage.ts';
import { IntakeGate } from '../../src/intake/gate.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

const error = new KnownError('bucket_unavailable', 'HTTP 503.');
const stage = defineStage({
  name: 'download',
  remote: 'bucket_read',
  concurrency: 1,
  run: async () => ({}),
});

let clock: FakeClock;
let breakers: Breakers;
let gate: IntakeGate;
let modelsProblem: string | undefined;

beforeEach(() => {
  clock = new FakeClock();
  modelsProblem = undefined;
  breakers = breakersOf([stage], {
    clock,
    jobs: 32,
    firstPauseMs: 1000,
    longestPauseMs: 4000,
    emit: (fact) => gate.listen(fact),
    controls: {},
  });
  gate = new IntakeGate({ models: () => modelsProblem, breakers });
});

async function fail(...jobs: readonly string[]): Promise<void> {
  const { signal } = new AbortController();
  for (const job of jobs) {
    const admission = await breakers.get('bucket_read')?.admit(job, Infinity, signal);
    admission?.failed(error);
  }
}

/** Why no job is taken now. */
function reason(): string | undefined {
  return gate.wantsGuest() ? undefined : gate.problem();
}

function wait(job: string): void {
  void breakers.get('bucket_read')?.admit(job, Infinity, new AbortController().signal);
}

test('is open while all is well, and while one job alone fails again and again', async () => {
  assert.equal(reason(), undefined);
  await fail('a', 'a', 'a', 'a');
  assert.equal(reason(), undefined);
});

test('is closed while the model servers are down', () => {
  modelsProblem = 'No model server answers.';
  assert.equal(reason(), 'No model server answers.');
});

test('is closed once a breaker opens, until it closes', async () => {
  await fail('a', 'b', 'c');
  assert.equal(reason(), 'HTTP 503.');
  const { signal } = new AbortController();
  const admitted = breakers.get('bucket_read')?.admit('a', Infinity, signal);
  for (const job of ['b', 'c']) wait(job);
  await clock.advance(1000);
  assert.equal(reason(), 'HTTP 503.');
  (await admitted)?.succeeded();
  assert.equal(reason(), undefined);
});

test('lets one job in to try the remote where none is held, and no second one meanwhile', async () => {
  await fail('a', 'b', 'c');
  await clock.advance(1000);
  assert.equal(reason(), undefined);
  gate.listen({ type: 'job claimed', key: 'guest' });
  assert.equal(reason(), 'HTTP 503.');
});

test('lets the next one in when the guest has ended elsewhere', async () => {
  await fail('a', 'b', 'c');
  await clock.advance(1000);
  gate.listen({ type: 'job claimed', key: 'guest' });
  gate.listen({ type: 'job ended', key: 'other', outcome: 'done', ms: 1 });
  assert.equal(reason(), 'HTTP 503.');
  gate.listen({ type: 'job ended', key: 'guest', outcome: 'failed', ms: 1 });
  assert.equal(reason(), undefined);
});

test('lets further ones in after failed probes while too few jobs are held', async () => {
  await fail('a', 'b', 'c');
  await clock.advance(1000);
  gate.listen({ type: 'job claimed', key: 'guest' });
  await fail('guest');
  wait('guest');
  assert.equal(reason(), undefined);
  gate.listen({ type: 'job claimed', key: 'second' });
  wait('second');
  assert.equal(reason(), 'HTTP 503.');
});

test('lets nobody in while the model servers are down too', async () => {
  await fail('a', 'b', 'c');
  await clock.advance(1000);
  modelsProblem = 'No model server answers.';
  assert.equal(reason(), 'No model server answers.');
});
