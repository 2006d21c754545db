import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { Fact } from '../../../src/facts/flow.ts';
import {
  type Admission,
  CircuitBreaker,
} from '../../../src/flow/circuit-breaker/circuit-breaker.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const error = new KnownError('bucket_unavailable', 'HTTP 503 Slow Down.');
const { signal: never } = new AbortController();

let clock: FakeClock;
let facts: Fact[];
let breaker: CircuitBreaker;

beforeEach(() => {
  clock = new FakeClock();
  facts = [];
  breaker = new CircuitBreaker({
    remote: 'bucket_read',
    clock,
    opensAfter: 3,
    firstPauseMs: 1000,
    longestPauseMs: 4000,
    emit: (fact) => facts.push(fact),
  });
});

async function admit(job: string): Promise<Admission> {
  const admission = await breaker.admit(job, Infinity, never);
  assert.ok(admission);
  return admission;
}

async function fail(...jobs: readonly string[]): Promise<void> {
  for (const job of jobs) (await admit(job)).failed(error);
}

/** Jobs that wait, and those that were let try, in order. */
function waitAs(...jobs: readonly string[]): Map<string, Admission> {
  const admitted = new Map<string, Admission>();
  for (const job of jobs) void admit(job).then((admission) => admitted.set(job, admission));
  return admitted;
}

function states(): string[] {
  return facts.flatMap((fact) => (fact.type === 'breaker changed' ? fact.state : []));
}

describe('closed', () => {
  test('jobs may try at once', async () => {
    await admit('a');
    await admit('b');
    assert.equal(breaker.problem(), undefined);
  });

  test('one job that fails again and again does not open it', async () => {
    await fail('a', 'a', 'a', 'a', 'a', 'a');
    assert.equal(breaker.state, 'closed');
  });

  test('different jobs that fail, but not in a row, do not open it', async () => {
    await fail('a', 'b');
    (await admit('c')).succeeded();
    await fail('a', 'b');
    assert.equal(breaker.state, 'closed');
  });

  test('different jobs that fail in a row open it, with the words of the remote', async () => {
    await fail('a', 'b', 'c');
    assert.equal(breaker.state, 'open');
    assert.equal(breaker.problem(), 'HTTP 503 Slow Down.');
    assert.deepEqual(facts, [
      {
        type: 'breaker changed',
        remote: 'bucket_read',
        before: 'closed',
        state: 'open',
        reason: 'HTTP 503 Slow Down.',
        openMs: 0,
      },
    ]);
  });

  test('attempts that end without telling anything do not count', async () => {
    for (const job of ['a', 'b', 'c', 'd']) (await admit(job)).ended();
    assert.equal(breaker.state, 'closed');
  });
});

describe('open', () => {
  beforeEach(() => fail('a', 'b', 'c'));

  test('jobs wait, and after the pause one of them tries', async () => {
    const admitted = waitAs('d', 'e', 'f');
    await clock.advance(999);
    assert.equal(admitted.size, 0);
    await clock.advance(1);
    assert.deepEqual([...admitted.keys()], ['d']);
    await clock.advance(60_000);
    assert.equal(admitted.size, 1);
    assert.equal(breaker.state, 'half open');
  });

  test('its success lets all others go on', async () => {
    const admitted = waitAs('d', 'e', 'f');
    await clock.advance(2500);
    admitted.get('d')?.succeeded();
    await clock.advance(0);
    assert.deepEqual([...admitted.keys()], ['d', 'e', 'f']);
    assert.equal(breaker.problem(), undefined);
    assert.deepEqual(states(), ['open', 'half open', 'closed']);
    const last = facts.at(-1);
    assert.equal(last?.type === 'breaker changed' && last.openMs, 2500);
  });

  test('pauses grow up to the longest, and different jobs probe', async () => {
    const probes: string[] = [];
    const times: number[] = [];
    for (const job of ['d', 'e']) {
      void (async () => {
        for (;;) {
          const admission = await admit(job);
          probes.push(job);
          times.push(clock.monotonic());
          admission.failed(error);
        }
      })();
    }
    await clock.advance(16_000);
    assert.deepEqual(times, [1000, 3000, 7000, 11_000, 15_000]);
    assert.deepEqual(probes, ['d', 'e', 'd', 'e', 'd']);
  });

  test('a job that has not failed yet probes before those that have', async () => {
    const admitted = waitAs('a', 'b', 'new');
    await clock.advance(1000);
    assert.deepEqual([...admitted.keys()], ['new']);
  });

  test('a probe that tells nothing makes room for the next at once', async () => {
    const admitted = waitAs('d', 'e');
    await clock.advance(1000);
    admitted.get('d')?.ended();
    await clock.advance(0);
    assert.deepEqual([...admitted.keys()], ['d', 'e']);
  });

  test('a waiting job that is given up makes room for the next', async () => {
    const control = new AbortController();
    const given = breaker.admit('new', Infinity, control.signal);
    const admitted = waitAs('a');
    control.abort(new KnownError('shutting_down', 'Stopping.'));
    await assert.rejects(given, { code: 'shutting_down' });
    await clock.advance(1000);
    assert.deepEqual([...admitted.keys()], ['a']);
    assert.equal(clock.sleepers, 0);
  });

  test('a job waits until its deadline only', async () => {
    const waiting = breaker.admit('d', 500, never);
    await clock.advance(500);
    assert.equal(await waiting, undefined);
  });

  test('late news of attempts that began before change nothing', async () => {
    const late = new CircuitBreaker({
      remote: 'bucket_read',
      clock,
      opensAfter: 1,
      firstPauseMs: 1000,
      longestPauseMs: 4000,
      emit: () => {},
    });
    const slow = await late.admit('slow', Infinity, never);
    (await late.admit('quick', Infinity, never))?.failed(error);
    slow?.succeeded();
    assert.equal(late.state, 'open');
  });

  test('wants another job while too few wait to tell whose fault it is', async () => {
    assert.ok(!breaker.wantsAnotherJob, 'none waits, and the pause is not over');
    void waitAs('d');
    assert.ok(breaker.wantsAnotherJob);
    void waitAs('e', 'f');
    assert.ok(!breaker.wantsAnotherJob);
  });

  test('wants a job after the pause where none waits', async () => {
    await clock.advance(1000);
    assert.ok(breaker.wantsAnotherJob);
  });
});

describe('a probe that waits for other jobs', () => {
  /** The breaker is open, and `a` probes and lends its probe. */
  async function lent(): Promise<Admission> {
    await fail('x', 'y', 'z');
    const admitted = waitAs('a');
    await clock.advance(1000);
    const probe = admitted.get('a');
    assert.ok(probe);
    probe.lend();
    return probe;
  }

  test('lets the next one probe at once, whose answer counts', async () => {
    const probe = await lent();
    const next = await admit('b');
    assert.equal(breaker.state, 'half open');
    next.succeeded();
    assert.equal(breaker.state, 'closed');
    probe.ended();
    assert.equal(breaker.state, 'closed');
  });

  test('closes the breaker if it succeeds in the end, even beside another probe', async () => {
    const alone = await lent();
    assert.equal(breaker.state, 'open');
    alone.succeeded();
    assert.equal(breaker.state, 'closed');
    const beside = await lent();
    const next = await admit('b');
    beside.succeeded();
    assert.equal(breaker.state, 'closed');
    next.ended();
    assert.equal(breaker.state, 'closed');
    assert.equal(states().filter((state) => state === 'closed').length, 2);
  });

  test('begins a longer pause if it fails in the end', async () => {
    const probe = await lent();
    probe.failed(error);
    assert.deepEqual([breaker.state, breaker.pauseLeftMs], ['open', 2000]);
  });

  test('changes nothing once the remote has failed for another job', async () => {
    const probe = await lent();
    (await admit('b')).failed(error);
    probe.succeeded();
    assert.deepEqual([breaker.state, breaker.pauseLeftMs], ['open', 2000]);
  });
});
