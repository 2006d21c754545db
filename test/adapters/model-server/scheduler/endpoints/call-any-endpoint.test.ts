import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { setUpScheduler } from '../scheduler-setup.ts';
import { ScriptedEndpoint } from '../scripted-endpoint.ts';

const model = { name: 'model', version: 1 };

function setUp() {
  const clock = new FakeClock();
  const servers = ['a', 'b'].map((address) => new ScriptedEndpoint({ clock, address }));
  const [a, b] = servers;
  assert.ok(a && b);
  return { a, b, ...setUpScheduler({ clock, servers }) };
}

describe('callAnyEndpoint', () => {
  it('asks another server when one does not answer', async () => {
    const { a, b, scheduler } = setUp();
    a.alive = false;
    const { inputs } = await scheduler.signature(model);
    assert.equal(inputs[0]?.name, 'image');
    assert.deepEqual([a.questions, b.questions], [1, 1]);
  });

  it('waits until one answers', async () => {
    const { a, b, scheduler, clock } = setUp();
    a.alive = false;
    b.alive = false;
    const answer = scheduler.signature(model);
    await clock.advance(60_000);
    assert.match(scheduler.problem() ?? '', /connection refused/);
    a.alive = true;
    await clock.advance(10_000);
    assert.equal((await answer).inputs.length, 1);
    assert.equal(scheduler.problem(), undefined);
  });

  it('asks all servers before it takes no for an answer', async () => {
    const { a, b, scheduler } = setUp();
    a.loaded = false;
    assert.equal((await scheduler.signature(model)).inputs.length, 1);
    assert.deepEqual([a.questions, b.questions], [1, 1]);
    b.loaded = false;
    await assert.rejects(scheduler.signature(model), { code: 'unknown_model' });
  });

  it('asks servers first that did not say no lately', async () => {
    const { a, b, scheduler } = setUp();
    a.loaded = false;
    for (let time = 0; time < 5; time++) await scheduler.signature(model);
    assert.deepEqual([a.questions, b.questions], [1, 5]);
  });

  it('takes no for an answer from those that answer', async () => {
    const { a, b, scheduler, clock } = setUp();
    a.alive = false;
    b.loaded = false;
    const refused = assert.rejects(scheduler.signature(model), { code: 'unknown_model' });
    await clock.advance(10_000);
    await refused;
  });

  it('gives up when the scheduler is closed', async () => {
    const { a, b, scheduler, clock } = setUp();
    a.alive = false;
    b.alive = false;
    const answer = scheduler.signature(model);
    const failure = assert.rejects(answer, /stopping/);
    await clock.advance(1000);
    scheduler.close();
    await failure;
    assert.equal(clock.sleepers, 0);
  });
});
