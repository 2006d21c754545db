import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { Solo } from '../../src/intake/solo.ts';

const never = new AbortController().signal;

/** Whether a promise has settled once everything that is ready has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  await turn();
  return done;
}

test('jobs run beside each other', async () => {
  const solo = new Solo();
  await solo.enter(never);
  assert.equal(await settled(solo.enter(never)), true);
});

test('a job that runs alone waits for the others, and keeps new ones out until it has ended', async () => {
  const solo = new Solo();
  const leave = await solo.enter(never);
  const alone = solo.enterAlone(never);
  const late = solo.enter(never);
  assert.equal(await settled(alone), false);
  leave();
  const leaveAlone = await alone;
  assert.equal(await settled(late), false);
  leaveAlone();
  await late;
});

test('jobs that run alone take turns', async () => {
  const solo = new Solo();
  const first = await solo.enterAlone(never);
  const second = solo.enterAlone(never);
  assert.equal(await settled(second), false);
  first();
  (await second)();
  await solo.enter(never);
});

test('one that gives up waiting to be alone lets the others in', async () => {
  const solo = new Solo();
  const leave = await solo.enter(never);
  const control = new AbortController();
  const alone = solo.enterAlone(control.signal);
  const late = solo.enter(never);
  control.abort(new Error('given up'));
  await assert.rejects(alone, /given up/);
  (await late)();
  leave();
  await solo.enterAlone(never);
});

test('leaving twice counts once', async () => {
  const solo = new Solo();
  const leave = await solo.enter(never);
  await solo.enter(never);
  leave();
  leave();
  assert.equal(await settled(solo.enterAlone(never)), false);
});
