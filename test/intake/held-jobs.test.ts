import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import { HeldJobs } from '../../src/intake/held-jobs.ts';

test('a popped key belongs here before it is claimed, and is renewed once it is', () => {
  const held = new HeldJobs();
  const signal = held.begin('a');
  assert.deepEqual([held.keys(), held.claims()], [['a'], []]);
  held.claimed({ key: 'a', token: 3 });
  assert.deepEqual(held.claims(), [{ key: 'a', token: 3 }]);
  held.end('a', signal);
  assert.deepEqual(held.keys(), []);
});

test('a lost claim gives up its job, an older one of the same key does not', () => {
  const held = new HeldJobs();
  const signal = held.begin('a');
  held.claimed({ key: 'a', token: 3 });
  held.lose({ key: 'a', token: 2 });
  assert.equal(signal.aborted, false);
  held.lose({ key: 'a', token: 3 });
  assert.equal((signal.reason as KnownError).code, 'claim_lost');
});

test('a parked parent is renewed without being in work, and forgotten when its claim is lost', () => {
  const held = new HeldJobs();
  const signal = held.begin('p');
  held.claimed({ key: 'p', token: 1 });
  held.park({ key: 'p', token: 1 });
  held.end('p', signal);
  assert.deepEqual([held.has('p'), held.keys(), held.size], [false, ['p'], 0]);
  assert.deepEqual(held.claims(), [{ key: 'p', token: 1 }]);
  held.lose({ key: 'p', token: 1 });
  assert.deepEqual(held.keys(), []);
});

test('a parent that was woken and is joined here counts once', () => {
  const held = new HeldJobs();
  held.park({ key: 'p', token: 1 });
  held.begin('p');
  held.claimed({ key: 'p', token: 2 });
  assert.deepEqual(held.claims(), [{ key: 'p', token: 2 }]);
});

test('giving up fires the signal of every job in work', () => {
  const held = new HeldJobs();
  const signals = ['a', 'b'].map((key) => held.begin(key));
  held.giveUp(new KnownError('shutting_down', 'Stopping.'));
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
});

test('the end of a job that was given back does not end the same job taken again', () => {
  const held = new HeldJobs();
  const first = held.begin('a');
  held.end('a', first);
  held.begin('a');
  held.end('a', first);
  assert.equal(held.has('a'), true);
});

test('a key that was popped again counts as a stray once its job has ended, and is reported once', () => {
  const held = new HeldJobs();
  const signal = held.begin('a');
  held.poppedAgain('a');
  assert.equal(held.takeStray(), false);
  held.end('a', signal);
  assert.deepEqual([held.takeStray(), held.takeStray()], [true, false]);
  held.end('a', held.begin('a'));
  assert.equal(held.takeStray(), false);
});
