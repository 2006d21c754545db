import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { Fact } from '../../../src/facts/flow.ts';
import { CircuitBreaker } from '../../../src/flow/circuit-breaker/circuit-breaker.ts';
import type { Permit } from '../../../src/flow/in-flight.ts';
import { type Place, Places } from '../../../src/flow/running/places.ts';
import { attemptStage } from '../../../src/flow/running/stage-attempts.ts';
import { StageMemory } from '../../../src/flow/running/stage-memory.ts';
import type { ErasedStage } from '../../../src/flow/running/stage-runtime.ts';
import type { ModelServer } from '../../../src/ports.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { freePermit, jobInFlight } from '../../harness/stages/job-in-flight.ts';
import { hasSettled } from '../../harness/promise-state.ts';
import { stagePorts } from '../../harness/stages/stage-ports.ts';
import { stageRuntime } from '../../harness/stages/stage-runtime.ts';

const away = new KnownError('bucket_unavailable', 'Away.');

interface Given {
  readonly models?: ModelServer;
  readonly clock?: FakeClock;
  readonly permit?: Permit;
  readonly place?: Place;
  readonly breaker?: CircuitBreaker;
}

function attempt(
  stage: Pick<ErasedStage, 'run'> & Partial<ErasedStage>,
  { clock = new FakeClock(), permit = freePermit(), place, breaker, models }: Given = {},
) {
  const facts: Fact[] = [];
  const stop = new AbortController();
  const item = jobInFlight({ n: 1 }, { signal: stop.signal, permit });
  const { signal, value } = item;
  const memory = new StageMemory({
    stage: 'work',
    permit,
    value,
    signal,
    clock,
    onChange: () => undefined,
  });
  memory.place = place;
  const result = attemptStage({
    stage: { name: 'read', concurrency: 1, ...stage },
    item,
    runtime: stageRuntime({
      ports: stagePorts({ clock, ...(models && { models }) }),
      emit: (fact) => facts.push(fact),
      timeoutMs: 1000,
      breakers: new Map(breaker && [[breaker.remote, breaker]]),
    }),
    memory,
  });
  result.catch(() => undefined);
  return { result, clock, facts, stop };
}

/** A run that ends only when it is given up. */
const forever: ErasedStage['run'] = () => new Promise(() => undefined);

test('a stage gets its value, and its result is what it adds', async () => {
  const { result } = attempt({ run: async (value) => ({ got: value }) });
  assert.deepEqual(await result, { got: { n: 1 } });
});

test('an unavailable remote is tried again if the stage says that it is worth it, and only then', async () => {
  let runs = 0;
  const run = async (): Promise<object> => {
    if (++runs < 3) throw away;
    return { runs };
  };
  const again = attempt({ run, retry: 'unavailable' });
  await again.clock.advance(100);
  assert.deepEqual(await again.result, { runs: 3 });
  assert.deepEqual(
    again.facts.map(({ type }) => type),
    ['stage retried', 'stage retried'],
  );
  runs = 0;
  await assert.rejects(attempt({ run }).result, away);
  assert.equal(runs, 1);
});

test('while a stage is tried again, no memory is kept free for its job', async () => {
  let rests = 0;
  const permit = freePermit({ rest: () => void rests++ });
  const run = async (): Promise<object> => {
    if (rests < 2) throw away;
    return { rests };
  };
  const again = attempt({ run, retry: 'unavailable' }, { permit });
  await again.clock.advance(100);
  assert.deepEqual(await again.result, { rests: 2 });
});

test('a stage without progress is given up when its time is over, and not before', async () => {
  const { result, clock } = attempt({ run: forever });
  let isOver = false;
  result.catch(() => (isOver = true));
  await clock.advance(999);
  assert.equal(isOver, false);
  await clock.advance(2);
  await assert.rejects(result, {
    code: 'job_timeout',
    message: 'Stage read made no progress for 1 s (STAGE_TIMEOUT).',
  });
});

test('a time limit of the stage takes precedence over the general one; progress restarts it', async () => {
  const { result, clock } = attempt({
    timeoutMs: 100,
    run: async (_, context) => {
      await context.clock.sleep(80);
      context.progress(0.5);
      await context.clock.sleep(80);
      return { done: true };
    },
  });
  await clock.advance(200);
  assert.deepEqual(await result, { done: true });
  const stuck = attempt({ timeoutMs: 100, run: forever });
  await stuck.clock.advance(101);
  await assert.rejects(stuck.result, { message: /for 0\.1 s/ });
});

test('time in which a model works nowhere, though others do, is not counted', async () => {
  let reason: string | undefined = 'Sick:1 works on no model server: cuDNN.';
  const models: ModelServer = {
    signature: () => new Promise(() => undefined),
    predict: () => new Promise(() => undefined),
    problem: (model) => (model?.name === 'Sick' ? reason : undefined),
    close: async () => undefined,
  };
  const ask =
    (name: string): ErasedStage['run'] =>
    async (_, context) => ({
      inputs: await context.models.signature({ name, version: 1 }, context.signal),
    });
  const sick = attempt({ run: ask('Sick') }, { models });
  const well = attempt({ run: ask('Well') }, { models });
  await well.clock.advance(1001);
  await assert.rejects(well.result, { code: 'job_timeout' });
  await sick.clock.advance(3_600_000);
  assert.equal(await hasSettled(sick.result), false);
  reason = undefined;
  await sick.clock.advance(1001);
  await assert.rejects(sick.result, { code: 'job_timeout' });
});

test('one step of a stage is repeated alone, without the stage beginning anew', async () => {
  let runs = 0;
  let steps = 0;
  const { result, clock } = attempt({
    run: async (_, { persist }) => {
      runs++;
      return persist('bucket_read', async () => {
        if (++steps < 3) throw away;
        return { steps };
      });
    },
  });
  await clock.advance(100);
  assert.deepEqual(await result, { steps: 3 });
  assert.equal(runs, 1);
});

test('a job that is given up ends its stage at once, with the reason', async () => {
  const { result, stop } = attempt({ run: forever, retry: 'unavailable' });
  stop.abort(new KnownError('claim_lost', 'Taken.'));
  await assert.rejects(result, { code: 'claim_lost' });
});

test('time that a stage waits for the memory of other jobs does not count, nor for its lent place', async () => {
  const places = new Places(1);
  const never = new AbortController().signal;
  const place = await places.take(1, never);
  const { promise: memoryComes, resolve: giveMemory } = Promise.withResolvers<void>();
  const run: ErasedStage['run'] = async (_, { reserve, clock }) => {
    await reserve(1);
    await clock.sleep(900);
    return { done: true };
  };
  const { result, clock } = attempt(
    { run },
    { place, permit: freePermit({ tryReserve: () => false, reserve: () => memoryComes }) },
  );
  const other = await places.take(2, never);
  await clock.advance(5000);
  giveMemory();
  await clock.advance(5000);
  assert.equal(await hasSettled(result), false);
  other.leave();
  await clock.advance(900);
  assert.deepEqual(await result, { done: true });
});

test('a stage that hangs once it has its memory is given up all the same', async () => {
  const run: ErasedStage['run'] = async (_, { reserve }) => {
    await reserve(1);
    return forever({}, {} as never); // uses nothing of it
  };
  const permit = freePermit({ tryReserve: () => false, reserve: async () => undefined });
  const { result, clock } = attempt({ run }, { permit });
  await clock.advance(1001);
  await assert.rejects(result, { code: 'job_timeout' });
});

test('an attempt that waits for memory leaves its probe to another job, which may be the one it waits for', async () => {
  const clock = new FakeClock();
  const breaker = new CircuitBreaker({
    remote: 'bucket_read',
    clock,
    opensAfter: 1,
    firstPauseMs: 100,
    longestPauseMs: 1000,
    emit: () => undefined,
  });
  const never = new AbortController().signal;
  (await breaker.admit('before', Infinity, never))?.failed(away);
  await clock.advance(100);
  const { promise: memoryComes, resolve: giveMemory } = Promise.withResolvers<void>();
  const { result } = attempt(
    {
      remote: 'bucket_read',
      retry: 'unavailable',
      run: async (_, { reserve }) => {
        await reserve(1);
        return { done: true };
      },
    },
    {
      clock,
      breaker,
      permit: freePermit({ tryReserve: () => false, reserve: () => memoryComes }),
    },
  );
  const oldest = breaker.admit('oldest', Infinity, never);
  await clock.advance(0);
  assert.equal(await hasSettled(oldest), true);
  assert.equal(breaker.state, 'half open');
  (await oldest)?.succeeded();
  giveMemory();
  assert.deepEqual(await result, { done: true });
  assert.equal(breaker.state, 'closed');
});

describe('time that attempts wait for the memory of other jobs', () => {
  /** The remote is away before and after a wait that takes longer than the budget of 1 s, and then serves. */
  async function hiccups(breaker: CircuitBreaker | undefined, clock: FakeClock): Promise<object> {
    let runs = 0;
    const run: ErasedStage['run'] = async (_, { reserve }) => {
      runs++;
      if (runs === 2) await reserve(1);
      if (runs < 3) throw away;
      return { runs };
    };
    const reserve: Permit['reserve'] = () => clock.sleep(5000);
    const { result } = attempt(
      { run, retry: 'unavailable', remote: 'bucket_read' },
      {
        clock,
        permit: freePermit({ tryReserve: () => false, reserve }),
        ...(breaker && { breaker }),
      },
    );
    await clock.advance(6000);
    return result;
  }

  test('costs nothing of RETRY_BUDGET', async () => {
    assert.deepEqual(await hiccups(undefined, new FakeClock()), { runs: 3 });
  });

  test('costs nothing of it where there is a circuit breaker either', async () => {
    const clock = new FakeClock();
    const pauses = { opensAfter: 2, firstPauseMs: 100, longestPauseMs: 1000 };
    const breaker = new CircuitBreaker({
      remote: 'bucket_read',
      clock,
      ...pauses,
      emit: () => undefined,
    });
    assert.deepEqual(await hiccups(breaker, clock), { runs: 3 });
  });
});
