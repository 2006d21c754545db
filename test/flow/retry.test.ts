import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorCode, KnownError } from '../../src/errors.ts';
import { retryUnavailable } from '../../src/flow/retry.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

interface Tried {
  readonly clock: FakeClock;
  readonly delays: number[];
  readonly control: AbortController;
  readonly result: Promise<string>;
}

/** Something that fails with these codes, one after the other, and then succeeds. */
function trying(codes: readonly ErrorCode[], budgetMs = 60_000): Tried {
  const clock = new FakeClock();
  const delays: number[] = [];
  const control = new AbortController();
  let round = 0;
  const result = retryUnavailable({
    attempt: async () => {
      const code = codes[round++];
      if (code !== undefined) throw new KnownError(code, `Round ${round}.`);
      return 'done';
    },
    policy: { firstDelayMs: 1000, longestDelayMs: 5000, budgetMs, random: () => 1 },
    clock,
    signal: control.signal,
    onRetry: (_, delayMs) => delays.push(delayMs),
  });
  result.catch(() => undefined);
  return { clock, delays, control, result };
}

test('what is unavailable is tried again, with pauses that double up to the longest', async () => {
  const { clock, delays, result } = trying(Array.from({ length: 5 }, () => 'bucket_unavailable'));
  await clock.advance(60_000);
  assert.equal(await result, 'done');
  assert.deepEqual(delays, [1000, 2000, 4000, 5000, 5000]);
});

test('any other error stands at once', async () => {
  const { delays, result } = trying(['missing_object']);
  await assert.rejects(result, { code: 'missing_object' });
  assert.deepEqual(delays, []);
});

test('when the budget is spent the last error stands', async () => {
  const { clock, result } = trying(
    Array.from({ length: 50 }, () => 'bucket_unavailable'),
    4000,
  );
  await clock.advance(10_000);
  await assert.rejects(result, { message: 'Round 3.' });
});

test('a signal ends the pause', async () => {
  const { clock, control, result } = trying(['bucket_unavailable']);
  await clock.advance(0);
  control.abort(new KnownError('shutting_down', 'Stopping.'));
  await assert.rejects(result, { code: 'shutting_down' });
});
