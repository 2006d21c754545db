import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallError } from '../../../../src/adapters/model-server/call-error.ts';
import type { KnownError } from '../../../../src/errors.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { sampleForm, sampleRequest } from './sample-requests.ts';
import { ask, between, keepAsking, setUpScheduler } from './scheduler-setup.ts';
import { ScriptedEndpoint, refusal } from './scripted-endpoint.ts';

function setUp(options: Partial<ConstructorParameters<typeof ScriptedEndpoint>[0]> = {}) {
  const clock = new FakeClock();
  const server = new ScriptedEndpoint({ clock, ...options });
  return { server, ...setUpScheduler({ clock, servers: [server] }) };
}

/** Throws an error the first `times` times. */
function firstTimes(times: number, error: () => KnownError): () => void {
  let left = times;
  return () => {
    if (left-- > 0) throw error();
  };
}

const overloaded = (): KnownError => refusal('queue full', 'the queue is full');
const late = (): KnownError => refusal('deadline', 'too late');

describe('Scheduler, when a server refuses', () => {
  it('fails only the request whose row is to blame', async () => {
    const { server, scheduler, clock } = setUp();
    server.refuse = (rows) => {
      if (rows.includes(7)) throw refusal('rejected', 'bad row');
    };
    const innocent = Array.from({ length: 9 }, (_, job) =>
      ask(scheduler, { job: `${job}`, rows: 3 }),
    );
    const guilty = ask(scheduler, { job: 'guilty', rows: 8, rowsAtMost: 64 });
    await clock.advance(5000);
    assert.equal(await guilty, 'model_rejected');
    for (const result of await Promise.all(innocent)) assert.deepEqual(result, [0, 0, 2, 2, 4, 4]);
    assert.ok(server.calls.length <= 12, `${server.calls.length} calls`);
  });

  it('learns the rows that a server takes, and blames nobody', async () => {
    const { server, scheduler, clock, facts } = setUp();
    server.refuse = (rows) => {
      if (rows.length > 8) throw new CallError({ type: 'too many rows', maxRows: 8 }, 'too many');
    };
    const results = ['a', 'b'].map((job) => ask(scheduler, { job, rows: 16 }));
    await clock.advance(5000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 32);
    assert.equal(server.calls.filter((rows) => rows.length > 8).length, 1);
    assert.ok(facts.some((fact) => fact.type === 'rows limited' && fact.rows === 8));
  });

  it('halves batches until they fit into memory', async () => {
    const { server, scheduler, clock } = setUp();
    server.refuse = (rows) => {
      if (rows.length > 10) throw refusal('out of memory', 'OOM');
    };
    const result = ask(scheduler, { rows: 64 });
    await clock.advance(5000);
    assert.equal((await result).length, 128);
    assert.equal(Math.max(...server.calls.slice(-3).map((rows) => rows.length)), 8);
  });

  it('repeats what met a full queue, more slowly', async () => {
    const { server, scheduler, clock, facts } = setUp();
    server.refuse = firstTimes(3, overloaded);
    const result = ask(scheduler, { rows: 1 });
    await clock.advance(10_000);
    assert.deepEqual(await result, [0, 0]);
    const sent = facts.flatMap((fact) => (fact.type === 'batch sent' ? [fact.waitedMs] : []));
    assert.equal(sent.length, 4);
    assert.ok(facts.some((fact) => fact.type === 'limit changed' && fact.calls < 3));
  });

  it('gives a request up once more than MAX_RETRY attempts counted, while others succeed', async () => {
    const { server, scheduler, clock } = setUp();
    server.refuse = (rows) => {
      if (rows.includes(7)) throw late();
    };
    keepAsking({ scheduler, clock, callers: 2, untilMs: 60_000, answeredAt: [] });
    const result = scheduler.submit(sampleRequest({ job: 'slow', rows: 8 }), sampleForm());
    const failure = assert.rejects(result, /too late \(tried 6 times\)/);
    await clock.advance(60_000);
    await failure;
  });

  it('sends a request for its last chance alone', async () => {
    const { server, scheduler, clock } = setUp();
    server.refuse = (rows) => {
      if (rows.includes(7)) throw late();
    };
    keepAsking({ scheduler, clock, callers: 9, untilMs: 60_000, answeredAt: [] });
    const result = ask(scheduler, { job: 'slow', rows: 8 });
    await clock.advance(60_000);
    assert.equal(await result, 'model_deadline');
    const last = server.calls.findLast((rows) => rows.includes(7));
    assert.deepEqual(last, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives nothing up while nothing succeeds, and asks less and less often', async () => {
    const { server, scheduler, clock } = setUp();
    server.refuse = firstTimes(Infinity, late);
    const result = ask(scheduler, { rows: 1 });
    await clock.advance(600_000);
    assert.ok(server.calls.length > 10 && server.calls.length < 130, `${server.calls.length}`);
    assert.match(scheduler.problem() ?? '', /^model:1 works on no model server: too late/);
    server.refuse = () => undefined;
    await clock.advance(10_000);
    assert.deepEqual(await result, [0, 0]);
    assert.equal(scheduler.problem(), undefined);
  });

  it('looks a model up once before it fails for want of it', async () => {
    const { scheduler, clock, server } = setUp();
    server.refuse = firstTimes(Infinity, () => refusal('unknown model', 'not found'));
    const lookedUp = ask(scheduler, { rows: 1 });
    await clock.advance(60_000);
    assert.equal(await lookedUp, 'unknown_model');
    assert.deepEqual([server.questions, server.calls.length], [1, 2]);
    server.loaded = false;
    const gone = ask(scheduler, { rows: 1 });
    await clock.advance(60_000);
    assert.equal(await gone, 'unknown_model');
    assert.deepEqual([server.questions, server.calls.length], [2, 3]);
  });

  it('survives the reload of a model', async () => {
    const { server, scheduler, clock } = setUp();
    server.refuse = firstTimes(1, () => refusal('unknown model', 'no such model'));
    const result = ask(scheduler, { rows: 1 });
    await clock.advance(60_000);
    assert.deepEqual(await result, [0, 0]);
  });
});

describe('Scheduler, when a server slows down', () => {
  it('repeats next to nothing, and is back at once when the server is', async () => {
    const { server, scheduler, clock } = setUp({ parallel: 2 });
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, callers: 64, untilMs: 150_000, answeredAt });
    await clock.advance(30_000);
    const fastCalls = server.calls.length;
    server.ms = () => 1000;
    await clock.advance(60_000);
    const slowCalls = server.calls.length - fastCalls;
    server.ms = () => 100;
    await clock.advance(65_000);
    const rows = server.calls.flat().length;
    assert.ok(rows <= 1.01 * answeredAt.length, 'rows were sent again');
    assert.ok(slowCalls >= 100 && slowCalls <= 130, `${slowCalls} calls while it was slow`);
    assert.ok(between(answeredAt, 60_000, 80_000) >= 0.9 * 20 * 64);
    assert.ok(between(answeredAt, 100_000, 110_000) >= 0.95 * 10 * 640);
  });
});

describe('Scheduler, when servers are gone', () => {
  it('waits for the only one, counts nothing, and goes on when a probe is answered', async () => {
    const { server, scheduler, clock, facts } = setUp();
    server.alive = false;
    const results = ['a', 'b', 'c'].map((job) => ask(scheduler, { job, rows: 40 }));
    await clock.advance(10_000);
    assert.match(scheduler.problem() ?? '', /connection refused/);
    const calls = server.calls.length;
    await clock.advance(120_000);
    assert.equal(server.calls.length, calls, 'calls while the breaker was open');
    server.alive = true;
    await clock.advance(10_000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 80);
    assert.equal(scheduler.problem(), undefined);
    const changes = facts.flatMap((fact) => (fact.type === 'breaker changed' ? [fact.state] : []));
    assert.equal(changes[0], 'open');
    assert.deepEqual(changes.slice(-2), ['half open', 'closed']);
  });

  it('takes another one at once', async () => {
    const clock = new FakeClock();
    const dead = new ScriptedEndpoint({ clock, address: 'dead' });
    const alive = new ScriptedEndpoint({ clock, address: 'alive', ms: () => 10 });
    dead.alive = false;
    const { scheduler, facts } = setUpScheduler({ clock, servers: [dead, alive] });
    const result = ask(scheduler, { rows: 100 });
    await clock.advance(500);
    assert.equal((await result).length, 200);
    assert.equal(scheduler.problem(), undefined);
    assert.ok(facts.every(({ type }) => type !== 'breaker changed'));
  });

  it('gives load to new ones and takes it from those that went', async () => {
    const clock = new FakeClock();
    const [first, ...more] = ['a', 'b', 'c', 'd'].map(
      (address) => new ScriptedEndpoint({ clock, address, parallel: 1 }),
    );
    assert.ok(first);
    const { scheduler, endpoints } = setUpScheduler({ clock, servers: [first] });
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, callers: 256, untilMs: 30_000, answeredAt });
    await clock.advance(10_000);
    endpoints.become(first, ...more);
    await clock.advance(10_000);
    assert.ok(between(answeredAt, 11_000, 20_000) >= 0.95 * 9 * 4 * 320);
    endpoints.become(first);
    const calls = more.map((server) => server.calls.length);
    await clock.advance(12_000);
    assert.deepEqual(
      more.map((server) => server.calls.length),
      calls,
    );
    assert.ok(between(answeredAt, 21_000, 30_000) >= 0.95 * 9 * 320);
  });

  it('has a problem when there is no address at all', async () => {
    const { scheduler, endpoints, clock } = setUp();
    assert.equal(scheduler.problem(), undefined);
    endpoints.become();
    assert.match(scheduler.problem() ?? '', /no address/);
    const result = ask(scheduler, { rows: 1 });
    await clock.advance(1000);
    endpoints.become(new ScriptedEndpoint({ clock, address: 'new' }));
    await clock.advance(1000);
    assert.deepEqual(await result, [0, 0]);
  });
});
