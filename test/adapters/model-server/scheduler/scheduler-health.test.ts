import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallError } from '../../../../src/adapters/model-server/call-error.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { ask, keepAsking, setUpScheduler } from './scheduler-setup.ts';
import { ScriptedEndpoint, refusal } from './scripted-endpoint.ts';

function setUp(...addresses: readonly string[]) {
  const clock = new FakeClock();
  const servers = addresses.map(
    (address) => new ScriptedEndpoint({ clock, address, ms: () => 200 }),
  );
  const [a, b] = servers;
  assert.ok(a);
  return { a, b: b ?? a, ...setUpScheduler({ clock, servers }) };
}

const broken = (): CallError => refusal('fault', 'cuDNN launch failure');
const hung = (): CallError => refusal('deadline', 'too late');

/** Fails the rows that hold the number 7. */
function onSeven(error: () => CallError): (rows: number[]) => void {
  return (rows) => {
    if (rows.includes(7)) throw error();
  };
}

function always(error: () => CallError): () => void {
  return () => {
    throw error();
  };
}

describe('Scheduler, when a model hangs on a server', () => {
  it('waits, counts nothing, and goes on when a prediction of zeros succeeds', async () => {
    const { a, scheduler, clock, facts } = setUp('a');
    a.hangs = (model) => model === 'hung';
    const results = ['1', '2', '3', '4', '5', '6', '7', '8'].map((job) =>
      ask(scheduler, { job, model: 'hung', rows: 3 }),
    );
    await clock.advance(600_000);
    assert.match(scheduler.problem() ?? '', /^hung:1 works on no model server/);
    assert.ok(a.probes === 1, 'the server itself was in doubt');
    a.hangs = () => false;
    await clock.advance(40_000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 6);
    assert.equal(scheduler.problem(), undefined);
    const changes = facts.flatMap((fact) => (fact.type === 'model changed' ? [fact.state] : []));
    assert.deepEqual(changes, ['down', 'up']);
  });

  it('goes on with the other models of that server', async () => {
    const { a, scheduler, clock } = setUp('a');
    a.hangs = (model) => model === 'hung';
    void ask(scheduler, { job: 'waits', model: 'hung', rows: 3 }).catch(() => undefined);
    await clock.advance(200_000);
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, callers: 4, untilMs: 210_000, answeredAt });
    await clock.advance(10_000);
    assert.ok(answeredAt.length > 100, `${answeredAt.length} answers`);
    assert.equal(scheduler.problem(), undefined);
    assert.equal(scheduler.problem({ name: 'model', version: 1 }), undefined);
    const hanging = scheduler.problem({ name: 'hung', version: 1 });
    assert.match(hanging ?? '', /^hung:1 works on no model server: too late/);
    scheduler.close();
  });

  it('takes another server for that model alone', async () => {
    const { a, b, scheduler, clock } = setUp('a', 'b');
    a.hangs = (model) => model === 'hung';
    const results = ['1', '2', '3', '4'].map((job) =>
      ask(scheduler, { job, model: 'hung', rows: 3 }),
    );
    await clock.advance(100_000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 6);
    const [before] = [a.calls.length];
    const others = ['1', '2', '3', '4'].map((job) => ask(scheduler, { job, rows: 40 }));
    await clock.advance(1000);
    await Promise.all(others);
    assert.ok(a.calls.length > before, 'the server is not used any more');
    assert.ok(b.calls.length > 0);
  });

  it('probes with the smallest request that it has seen', async () => {
    const { a, scheduler, clock } = setUp('a');
    const small = ask(scheduler, { rows: 1, width: 2 });
    await clock.advance(1000);
    await small;
    a.hangs = () => true;
    void ask(scheduler, { rows: 5, width: 1000 }).catch(() => undefined);
    await clock.advance(300_000);
    assert.deepEqual(a.shapes.at(-1), [1, 2]);
    scheduler.close();
  });

  it('fails the one request on which a model hangs', async () => {
    const { a, scheduler, clock } = setUp('a');
    a.refuse = onSeven(hung);
    const poison = ask(scheduler, { job: 'poison', rows: 8 });
    await clock.advance(600_000);
    assert.equal(await poison, 'model_deadline');
    const good = ask(scheduler, { rows: 3 });
    await clock.advance(20_000);
    assert.equal((await good).length, 6);
  });
});

describe('Scheduler, when a server fails inside', () => {
  it('sends the work elsewhere, and takes the server out of use', async () => {
    const { a, scheduler, clock, facts } = setUp('a', 'b');
    a.refuse = always(broken);
    const results = Array.from({ length: 200 }, (_, job) =>
      ask(scheduler, { job: `${job}`, rows: 2 }),
    );
    await clock.advance(60_000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 4);
    const change = facts.find(({ type }) => type === 'model changed');
    assert.ok(change?.type === 'model changed' && change.endpoint === 'a');
    assert.equal(change.state, 'down');
    const sentToA = facts.filter((fact) => fact.type === 'batch failed');
    assert.ok(sentToA.length <= 6, `${sentToA.length} batches failed`);
  });

  it('takes it back when a probe succeeds', async () => {
    const { a, scheduler, clock } = setUp('a', 'b');
    a.refuse = always(broken);
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, callers: 40, untilMs: 14_000, answeredAt });
    await clock.advance(5000);
    a.refuse = () => undefined;
    const before = a.calls.length;
    await clock.advance(10_000);
    assert.ok(a.calls.length > before + 10, `${a.calls.length - before} calls`);
  });

  it('waits while all of them are sick, and fails nothing', async () => {
    const { a, b, scheduler, clock } = setUp('a', 'b');
    for (const server of [a, b]) server.refuse = always(broken);
    const results = ['1', '2', '3'].map((job) => ask(scheduler, { job, rows: 2 }));
    await clock.advance(600_000);
    assert.match(scheduler.problem() ?? '', /works on no model server: cuDNN launch failure/);
    for (const server of [a, b]) server.refuse = () => undefined;
    await clock.advance(20_000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 4);
  });

  it('refuses the request on which two servers fail, and only that', async () => {
    const { a, b, scheduler, clock } = setUp('a', 'b');
    for (const server of [a, b]) server.refuse = onSeven(broken);
    const good = Array.from({ length: 9 }, (_, job) => ask(scheduler, { job: `${job}`, rows: 3 }));
    const bad = ask(scheduler, { job: 'bad', rows: 8 });
    await clock.advance(60_000);
    assert.equal(await bad, 'model_rejected');
    for (const result of await Promise.all(good)) assert.equal(result.length, 6);
    assert.equal(scheduler.problem(), undefined);
  });

  it('refuses the request on which the only server fails, between successes', async () => {
    const { a, scheduler, clock } = setUp('a');
    a.refuse = onSeven(broken);
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, callers: 2, untilMs: 30_000, answeredAt });
    const bad = ask(scheduler, { job: 'bad', rows: 8 });
    await clock.advance(60_000);
    assert.equal(await bad, 'model_rejected');
  });

  it('refuses a bad request that comes alone, once a probe has shown that the model works', async () => {
    const { a, scheduler, clock } = setUp('a');
    a.refuse = onSeven(broken);
    const bad = ask(scheduler, { job: 'bad', rows: 8 });
    await clock.advance(60_000);
    assert.equal(await bad, 'model_rejected');
  });
});

describe('Scheduler, when a server lacks a model', () => {
  it('sends its rows to the one that has it, and remembers', async () => {
    const { a, b, scheduler, clock } = setUp('a', 'b');
    a.refuse = always(() => refusal('unknown model', 'no such model'));
    a.loaded = false;
    const results = Array.from({ length: 20 }, (_, job) =>
      ask(scheduler, { job: `${job}`, rows: 40 }),
    );
    await clock.advance(10_000);
    for (const result of await Promise.all(results)) assert.equal(result.length, 80);
    assert.ok(a.calls.length <= 3, `${a.calls.length} calls to the server without it`);
    assert.ok(b.calls.length >= 20);
  });

  it('fails the request when all servers say so', async () => {
    const { a, b, scheduler, clock } = setUp('a', 'b');
    for (const server of [a, b]) {
      server.refuse = always(() => refusal('unknown model', 'no such model'));
      server.loaded = false;
    }
    const result = ask(scheduler, { rows: 3 });
    await clock.advance(5000);
    assert.equal(await result, 'unknown_model');
    assert.equal(scheduler.problem(), undefined);
  });
});

describe('Scheduler, when servers come', () => {
  it('tells that one is up after it has answered, not before', async () => {
    const clock = new FakeClock();
    const nobody = new ScriptedEndpoint({ clock, address: 'nobody' });
    nobody.alive = false;
    const { facts, scheduler } = setUpScheduler({ clock, servers: [nobody] });
    await clock.advance(1000);
    const told = facts.flatMap((fact) => (fact.type === 'endpoint changed' ? [fact] : []));
    assert.deepEqual(
      told.map(({ state, reason }) => [state, reason]),
      [['down', 'connection refused']],
    );
    assert.equal(scheduler.problem(), 'No model server answers: connection refused');
    nobody.alive = true;
    await clock.advance(10_000);
    const last = facts.findLast((fact) => fact.type === 'endpoint changed');
    assert.ok(last?.type === 'endpoint changed' && last.state === 'up' && (last.ms ?? 0) > 0);
    assert.equal(scheduler.problem(), undefined);
  });
});
