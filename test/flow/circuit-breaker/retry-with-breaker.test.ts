import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { CircuitBreaker } from '../../../src/flow/circuit-breaker/circuit-breaker.ts';
import { retryWithBreaker } from '../../../src/flow/circuit-breaker/retry-with-breaker.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const down = new KnownError('bucket_unavailable', 's3://field cannot be used now: HTTP 503.');
const denied = new KnownError('access_denied', 'Access Denied.');
const { signal: never } = new AbortController();

const BUDGET_MS = 60_000;
const MINUTE = 60_000;

let clock: FakeClock;
let breaker: CircuitBreaker;
/** What the remote does with each attempt of a job. */
let remote: (job: string) => KnownError | undefined;
let attempts: Map<string, number>;

function open(control?: () => Promise<boolean>): void {
  clock = new FakeClock();
  attempts = new Map();
  breaker = new CircuitBreaker({
    remote: 'bucket_read',
    clock,
    opensAfter: 3,
    firstPauseMs: 1000,
    longestPauseMs: 10_000,
    emit: () => {},
    ...(control && { control }),
  });
}

beforeEach(() => open());

/** How a job ended: `done`, or the code of its error. */
function run(job: string, signal = never): Promise<string> {
  const ended = retryWithBreaker({
    attempt: async () => {
      attempts.set(job, (attempts.get(job) ?? 0) + 1);
      const error = remote(job);
      if (error) throw error;
      return 'done';
    },
    policy: { firstDelayMs: 1000, longestDelayMs: 10_000, budgetMs: BUDGET_MS, random: () => 0.5 },
    clock,
    signal,
    onRetry: () => {},
    breaker,
    job,
  });
  return ended.catch((error: KnownError) => error.code);
}

/** The ends of jobs, as far as they have ended. */
function runAll(...jobs: readonly string[]): Map<string, string> {
  const ends = new Map<string, string>();
  for (const job of jobs) void run(job).then((end) => ends.set(job, end));
  return ends;
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `job ${index}`);
}

describe('an outage', () => {
  test('fails no job: those whose budget is spent go back', async () => {
    remote = () => down;
    const ends = runAll(...names(8));
    await clock.advance(10 * MINUTE);
    assert.deepEqual([...new Set(ends.values())], ['remote_outage']);
    assert.equal(ends.size, 8);
  });

  test('costs a bounded number of attempts, however many jobs wait', async () => {
    remote = () => down;
    runAll(...names(32));
    await clock.advance(BUDGET_MS);
    const total = [...attempts.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(total <= 32 + 10, `${total} attempts`);
  });

  test('shorter than the budget delays jobs and nothing else', async () => {
    remote = () => (clock.monotonic() < 30_000 ? down : undefined);
    const ends = runAll(...names(8));
    await clock.advance(40_000);
    assert.deepEqual([...ends.values()], Array(8).fill('done'));
  });

  test('that meets a lone job gives it back too, and opens the breaker', async () => {
    remote = () => down;
    const ends = runAll('lone');
    await clock.advance(BUDGET_MS + 1000);
    assert.deepEqual([...ends.values()], ['remote_outage']);
    assert.equal(breaker.problem(), down.message);
  });

  test('tells jobs that never got to try what is wrong', async () => {
    remote = () => down;
    runAll('a', 'b', 'c');
    await clock.advance(100);
    const late = retryWithBreaker({
      attempt: async () => assert.fail('tried'),
      policy: { firstDelayMs: 1, longestDelayMs: 1, budgetMs: 500, random: () => 0 },
      clock,
      signal: never,
      onRetry: () => {},
      breaker,
      job: 'late',
    });
    const rejected = assert.rejects(late, {
      code: 'remote_outage',
      message: `${down.message} The job goes back to its queue.`,
    });
    await clock.advance(500);
    await rejected;
  });
});

describe('one object that always fails', () => {
  test('fails its job once the budget is spent, while others are served', async () => {
    remote = (job) => (job === 'bad' ? down : undefined);
    const ends = runAll('bad');
    for (let second = 0; second < 65; second++) {
      assert.equal(await run(`good ${second}`), 'done');
      await clock.advance(1000);
    }
    assert.deepEqual([...ends], [['bad', 'bucket_unavailable']]);
    assert.equal(breaker.state, 'closed');
  });

  test('says so in its reason', async () => {
    remote = (job) => (job === 'bad' ? down : undefined);
    const ended = retryWithBreaker({
      attempt: () => Promise.reject(down),
      policy: { firstDelayMs: 1000, longestDelayMs: 1000, budgetMs: 5000, random: () => 1 },
      clock,
      signal: never,
      onRetry: () => {},
      breaker,
      job: 'bad',
    });
    const rejected = assert.rejects(ended, {
      message: `${down.message} This went on for 5 s, while other jobs were served.`,
    });
    await clock.advance(4000);
    await run('good');
    await clock.advance(4000);
    await rejected;
  });

  test('fails its job after three rounds where jobs are taken one at a time', async () => {
    remote = (job) => (job === 'bad' ? down : undefined);
    const ends: string[] = [];
    for (let round = 0; round < 3; round++) {
      void run('bad').then((end) => ends.push(end));
      await clock.advance(2 * MINUTE);
      void run('good');
      await clock.advance(MINUTE);
    }
    assert.deepEqual(ends, ['remote_outage', 'remote_outage', 'bucket_unavailable']);
  });
});

describe('a refusal', () => {
  test('of one job fails it as soon as another is served', async () => {
    remote = (job) => (job === 'bad' ? denied : undefined);
    const ends = runAll('bad');
    await clock.advance(100);
    assert.equal(ends.size, 0);
    await run('good');
    await clock.advance(1000);
    assert.deepEqual([...ends], [['bad', 'access_denied']]);
    assert.equal(attempts.get('bad'), 2);
  });

  test('of all jobs fails none of them', async () => {
    remote = () => denied;
    const ends = runAll(...names(20));
    await clock.advance(10 * MINUTE);
    assert.deepEqual([...ends.values()], Array(20).fill('remote_outage'));
    assert.equal(breaker.problem(), 'Access Denied.');
  });

  test('of a job that began after others were served last tells nothing', async () => {
    remote = (job) => (job === 'before' ? undefined : denied);
    await run('before');
    await clock.advance(1000);
    const ends = runAll('after');
    await clock.advance(BUDGET_MS / 4);
    assert.equal(ends.size, 0);
  });

  test('fails a lone job at once where the remote serves something else', async () => {
    open(async () => true);
    remote = () => denied;
    assert.equal(await run('lone'), 'access_denied');
    assert.equal(breaker.state, 'closed');
  });
});

test('other errors stand at once and tell nothing about the remote', async () => {
  remote = () => new KnownError('missing_object', 'Gone.');
  for (const job of names(5)) assert.equal(await run(job), 'missing_object');
  assert.equal(breaker.state, 'closed');
});

test('a Redis that is away says nothing of the remote', async () => {
  remote = () => new KnownError('redis_unreachable', 'Away.');
  for (const job of ['a', 'b', 'c', 'd']) assert.equal(await run(job), 'redis_unreachable');
  assert.equal(breaker.state, 'closed');
});

test('a job that is given up while it waits leaves at once', async () => {
  remote = () => down;
  runAll('a', 'b', 'c');
  await clock.advance(100);
  const control = new AbortController();
  const ended = run('late', control.signal);
  await clock.advance(100);
  control.abort(new KnownError('shutting_down', 'Stopping.'));
  assert.equal(await ended, 'shutting_down');
});
