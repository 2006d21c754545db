import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { ask, between, keepAsking, setUpScheduler } from './scheduler-setup.ts';
import { ScriptedEndpoint } from './scripted-endpoint.ts';

describe('Scheduler', () => {
  it('answers each request with its own rows, in their order', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const results = Promise.all([
      ask(scheduler, { job: 'a', rows: 5, rowsAtMost: 2 }),
      ask(scheduler, { job: 'b', rows: 2, rowsAtMost: 2 }),
    ]);
    await clock.advance(1000);
    assert.deepEqual(await results, [
      [0, 0, 2, 2, 4, 4, 6, 6, 8, 8],
      [0, 0, 2, 2],
    ]);
    assert.ok(server.calls.every((rows) => rows.length <= 2));
  });

  it('lets rows of all jobs share a call', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const results = ['a', 'b', 'c'].map((job) => ask(scheduler, { job, rows: 2 }));
    await clock.advance(100);
    await Promise.all(results);
    assert.equal(server.calls.length, 1);
  });

  it('is full while rows wait for a server that has all the calls that it takes', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock, parallel: 1 });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    assert.equal(scheduler.isFull, false);
    const few = ask(scheduler, { rows: 1 });
    await clock.advance(0);
    assert.equal(scheduler.isFull, false, 'one call leaves room');
    const many = ask(scheduler, { rows: 64, rowsAtMost: 1 });
    await clock.advance(0);
    assert.equal(scheduler.isFull, true);
    await clock.advance(60_000);
    await Promise.all([few, many]);
    assert.equal(scheduler.isFull, false);
    scheduler.close();
  });

  it('sends a lone request at once', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock });
    const { scheduler, facts } = setUpScheduler({ clock, servers: [server] });
    for (let call = 0; call < 5; call++) {
      const result = ask(scheduler, { rows: 1 });
      await clock.advance(100);
      await result;
    }
    const waits = facts.flatMap((fact) => (fact.type === 'batch sent' ? [fact.waitedMs] : []));
    assert.deepEqual(waits, [0, 0, 0, 0, 0]);
  });

  it('sends requests that must stay whole by themselves', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const results = ['a', 'b'].map((job) => ask(scheduler, { job, rows: 40, splittable: false }));
    await clock.advance(1000);
    assert.ok((await Promise.all(results)).every((result) => result.length === 80));
    assert.deepEqual(
      server.calls.map((rows) => rows.length),
      [40, 40],
    );
  });

  it('keeps a server busy with full batches', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock, parallel: 2 });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, answeredAt, callers: 64, untilMs: 40_000 });
    await clock.advance(41_000);
    const most = (2 * 32 * 10_000) / 100;
    assert.ok(between(answeredAt, 2000, 12_000) >= 0.95 * most);
    assert.ok(between(answeredAt, 28_000, 38_000) >= 0.95 * most);
  });

  it('falls back into step when callers come one by one', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock, parallel: 2 });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const answeredAt: number[] = [];
    for (let caller = 0; caller < 64; caller++) {
      keepAsking({ scheduler, clock, answeredAt, callers: 1, untilMs: 10_000 });
      await clock.advance(3);
    }
    await clock.advance(10_000);
    assert.ok(
      between(answeredAt, 3000, 8000) >= 0.95 * 5 * 640,
      `${between(answeredAt, 3000, 8000)}`,
    );
  });

  it('gives calls that stand in line behind others of ours more time', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock, parallel: 1 });
    const { scheduler } = setUpScheduler({
      clock,
      servers: [server],
      settings: { deadlineMs: 1000 },
    });
    const first = ask(scheduler, { rows: 1, splittable: false });
    await clock.advance(100);
    await first;
    const both = ['a', 'b'].map((job) => ask(scheduler, { job, rows: 1, splittable: false }));
    await clock.advance(1000);
    await Promise.all(both);
    assert.deepEqual(server.deadlines, [1000, 1000, 1100]);
  });

  it('uses all servers, the idle ones first', async () => {
    const clock = new FakeClock();
    const servers = ['a', 'b', 'c'].map(
      (address) => new ScriptedEndpoint({ clock, address, parallel: 1 }),
    );
    const { scheduler } = setUpScheduler({ clock, servers });
    const answeredAt: number[] = [];
    keepAsking({ scheduler, clock, answeredAt, callers: 192, untilMs: 10_000 });
    await clock.advance(11_000);
    assert.ok(between(answeredAt, 1000, 9000) >= 0.95 * 8 * 3 * 320);
    const calls = servers.map((server) => server.calls.length);
    assert.ok(Math.min(...calls) >= 0.9 * Math.max(...calls), calls.join());
  });

  it('delays a small job by a few batches of a huge one at most', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock, parallel: 1 });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const huge = ask(scheduler, { job: 'huge', rows: 3200 });
    await clock.advance(1000);
    let small: unknown;
    void ask(scheduler, { job: 'small', rows: 4 }).then((result) => (small = result));
    await clock.advance(400);
    assert.ok(small !== undefined);
    await clock.advance(20_000);
    assert.equal((await huge).length, 6400);
  });

  it('gives up a request whose signal fires, and the call that only it waits for', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock });
    const { scheduler, facts } = setUpScheduler({ clock, servers: [server] });
    const abort = new AbortController();
    const result = ask(scheduler, { rows: 1, signal: abort.signal });
    await clock.advance(10);
    abort.abort(new Error('enough'));
    assert.equal(await result, 'internal');
    await clock.advance(10);
    assert.equal(clock.sleepers, 0);
    assert.ok(facts.every(({ type }) => type !== 'batch failed'));
  });

  it('gives up everything when it is closed', async () => {
    const clock = new FakeClock();
    const server = new ScriptedEndpoint({ clock });
    const { scheduler } = setUpScheduler({ clock, servers: [server] });
    const results = [1, 2].map((rows) => ask(scheduler, { rows, splittable: false }));
    await clock.advance(10);
    scheduler.close();
    assert.deepEqual(await Promise.all(results), ['shutting_down', 'shutting_down']);
    assert.equal(await ask(scheduler, { rows: 1 }), 'shutting_down');
    await clock.advance(10);
    assert.equal(clock.sleepers, 0);
  });
});
