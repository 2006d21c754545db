import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FirstTry,
  FirstTries,
  type Found,
} from '../../../src/consumer/first-try/first-tries.ts';
import { KnownError } from '../../../src/errors.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const MINUTE = 60_000;

interface Scene {
  readonly tries: FirstTries;
  readonly clock: FakeClock;
  /** What the log would hear, in order. */
  readonly told: (string | undefined)[];
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

function begin(one: Pick<FirstTry, 'attempt' | 'trouble' | 'provenBy'>, limitMs?: number): Scene {
  const clock = new FakeClock();
  const told: (string | undefined)[] = [];
  const stop = new AbortController();
  const bucket = { name: 'bucket', what: 'The bucket s3://x', remedy: 'Set STORAGE_BUCKET.' };
  const tries = new FirstTries({
    tries: [{ ...bucket, ...one }],
    clock,
    tell: (_what, problem) => void told.push(problem),
    ...(limitMs !== undefined && { limitMs }),
  });
  const ended = tries.run(stop.signal);
  return { tries, clock, told, ended, stop: () => stop.abort() };
}

test('it says "not tried yet" until there is an answer, and nothing afterwards', async () => {
  const answer = Promise.withResolvers<Found>();
  const { tries, told, ended } = begin({ attempt: () => answer.promise });
  assert.deepEqual(tries.findings(), {
    reasons: { bucket: 'The bucket s3://x has not been tried yet.' },
    untried: ['bucket'],
    warnings: [],
  });
  answer.resolve({ state: 'up' });
  await ended;
  assert.deepEqual(tries.findings(), { reasons: {}, untried: [], warnings: [] });
  assert.deepEqual(told, [undefined]);
});

test('what fails is a reason and is tried again with growing pauses, until it answers', async () => {
  let attempts = 0;
  const attempt = async (): Promise<Found> => {
    attempts += 1;
    if (attempts < 4) throw new KnownError('bucket_misconfigured', 'There is no bucket s3://x.');
    return { state: 'up' };
  };
  const { tries, clock, ended } = begin({ attempt });
  await clock.advance(2000 + 4000 + 8000 - 1);
  assert.equal(attempts, 3);
  assert.deepEqual(tries.findings().reasons, { bucket: 'There is no bucket s3://x.' });
  await clock.advance(1);
  await ended;
  assert.equal(attempts, 4);
  assert.deepEqual(tries.findings().reasons, {});
});

test('pauses are a minute at most, and what was up once is never tried again', async () => {
  let attempts = 0;
  const attempt = async (): Promise<Found> => {
    attempts += 1;
    return attempts < 10 ? { state: 'down', problem: 'no' } : { state: 'up' };
  };
  const { clock, ended } = begin({ attempt });
  // 2 + 4 + 8 + 16 + 32 s, then four times a minute.
  await clock.advance(62_000 + 4 * MINUTE);
  await ended;
  await clock.advance(60 * MINUTE);
  assert.equal(attempts, 10);
});

test('an attempt that does not end is given up, in the words of the trouble that is known', async () => {
  for (const [trouble, said] of [
    [undefined, 'The bucket s3://x has not answered within 0.01 s. Set STORAGE_BUCKET.'],
    ['It hides.', 'It hides. Set STORAGE_BUCKET.'],
  ] as const) {
    const scene = begin(
      { attempt: () => new Promise(() => undefined), trouble: () => trouble },
      10,
    );
    while (scene.told.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    assert.deepEqual(scene.tries.findings().reasons, { bucket: said });
    scene.stop();
    await scene.ended;
  }
});

test('what hinders some jobs only is a warning, and so is a remark about what is up', async () => {
  const partly = begin({ attempt: async () => ({ state: 'partly', problem: 'No model M:1.' }) });
  const remarked = begin({ attempt: async () => ({ state: 'up', remark: 'We may not list it.' }) });
  await remarked.ended;
  await partly.clock.advance(0);
  assert.deepEqual(partly.tries.findings(), {
    reasons: {},
    untried: [],
    warnings: ['No model M:1.'],
  });
  assert.deepEqual(remarked.tries.findings(), {
    reasons: {},
    untried: [],
    warnings: ['We may not list it.'],
  });
  partly.stop();
  await partly.ended;
});

test('a bug in an attempt is a reason too, and a stop ends everything without a word', async () => {
  const { tries, clock, told, ended, stop } = begin({
    attempt: async () => {
      throw new TypeError('x is undefined');
    },
  });
  await clock.advance(0);
  assert.deepEqual(tries.findings().reasons, { bucket: 'Internal error: x is undefined' });
  stop();
  await ended;
  assert.equal(told.length, 1);
});

test('a job that got what it needs proves that it works, and no other try is made', async () => {
  let attempts = 0;
  const attempt = async (): Promise<Found> => {
    attempts++;
    return { state: 'down', problem: 'HTTP 503' };
  };
  const { tries, clock, told, ended } = begin({ attempt, provenBy: new Set(['download']) });
  await clock.advance(0);
  const job = sampleJob();
  const error = new KnownError('bucket_unavailable', 'HTTP 503');
  tries.listen({ type: 'stage ended', stage: 'download', job, ms: 1, error });
  tries.listen({ type: 'stage ended', stage: 'upload', job, ms: 1 });
  assert.deepEqual(tries.findings().reasons, { bucket: 'HTTP 503' });
  for (let twice = 0; twice < 2; twice++)
    tries.listen({ type: 'stage ended', stage: 'download', job, ms: 1 });
  assert.deepEqual(tries.findings(), { reasons: {}, untried: [], warnings: [] });
  await clock.advance(MINUTE);
  await ended;
  assert.equal(attempts, 1);
  assert.deepEqual(told, ['HTTP 503', undefined]);
});
