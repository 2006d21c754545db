import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { Places, StagePlaces } from '../../../src/flow/running/places.ts';
import { hasSettled } from '../../harness/promise-state.ts';

const never = new AbortController().signal;

describe('places', () => {
  it('are no more than their limit; who leaves lets the next one in', async () => {
    const places = new Places(2);
    const first = await places.take(1, never);
    await places.take(2, never);
    const third = places.take(3, never);
    assert.equal(await hasSettled(third), false);
    first.leave();
    await third;
    assert.equal(places.taken, 2);
  });

  it('go to the oldest of those who wait', async () => {
    const places = new Places(1);
    const first = await places.take(1, never);
    const order: number[] = [];
    const waiting = [5, 3, 4, 3.5].map(async (age) => {
      const place = await places.take(age, never);
      order.push(age);
      place.leave();
    });
    first.leave();
    await Promise.all(waiting);
    assert.deepEqual(order, [3, 3.5, 4, 5]);
  });

  it('go to the queues in turn, to the oldest of each', async () => {
    const places = new Places(1);
    const first = await places.take(0, never, 'a');
    const order: string[] = [];
    const waiting = ['a1', 'a2', 'a3', 'b4', 'b5', 'c6'].map(async (name) => {
      const place = await places.take(Number(name[1]), never, name[0]);
      order.push(name);
      place.leave();
    });
    first.leave();
    await Promise.all(waiting);
    assert.deepEqual(order, ['b4', 'c6', 'a1', 'b5', 'a2', 'a3']);
  });

  it('go to the queue that has fewest', async () => {
    const places = new Places(3);
    const held = await Promise.all(
      ['a', 'a', 'b'].map((queue, at) => places.take(at, never, queue)),
    );
    const order: string[] = [];
    for (const [age, queue] of [
      [4, 'a'],
      [5, 'b'],
      [6, 'b'],
    ] as const) {
      void places.take(age, never, queue).then(() => order.push(`${queue}${age}`));
    }
    held[2]?.leave();
    await new Promise(setImmediate);
    assert.deepEqual(order, ['b5']);
  });

  it('are not taken by those who have given up', async () => {
    const places = new Places(1);
    const first = await places.take(1, never);
    const control = new AbortController();
    const second = places.take(2, control.signal);
    control.abort(new KnownError('shutting_down', 'Stopping.'));
    await assert.rejects(second, { code: 'shutting_down' });
    first.leave();
    assert.equal(places.taken, 0);
  });

  it('can be lent while their owner waits, and are taken again', async () => {
    const places = new Places(1);
    const first = await places.take(1, never);
    const { promise: wait, resolve: end } = Promise.withResolvers<string>();
    const lent = first.lend(() => wait);
    const second = await places.take(2, never);
    end('over');
    assert.equal(await hasSettled(lent), false);
    second.leave();
    assert.equal(await lent, 'over');
    assert.equal(places.taken, 1);
    first.leave();
    assert.equal(places.taken, 0);
  });

  it('stay lent until the last of several waits is over', async () => {
    const places = new Places(1);
    const first = await places.take(1, never);
    const waits = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const lent = waits.map(({ promise }) => first.lend(() => promise));
    waits[0].resolve();
    await Promise.resolve();
    assert.equal(places.taken, 0);
    waits[1].resolve();
    await Promise.all(lent);
    assert.equal(places.taken, 1);
  });

  it('are free when their owner leaves while they are lent', async () => {
    const places = new Places(1);
    const first = await places.take(1, never);
    const { promise: wait, resolve: end } = Promise.withResolvers<void>();
    const lent = first.lend(() => wait);
    first.leave();
    end();
    await lent;
    assert.equal(places.taken, 0);
  });
});

describe('the places of stages', () => {
  it('are shared by stages of one name, and as many as the settings say', () => {
    const places = new StagePlaces((name) => (name === 'predict' ? 7 : undefined));
    const predict = places.of({ name: 'predict', concurrency: 2 });
    assert.equal(predict.limit, 7);
    assert.equal(places.of({ name: 'predict', concurrency: 3 }), predict);
    assert.equal(places.of({ name: 'other', concurrency: 3 }).limit, 3);
  });
});
