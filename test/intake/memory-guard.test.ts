import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryGuard } from '../../src/intake/memory-guard.ts';

/** A guard of a process with a limit of 100 bytes. */
function guarded() {
  const seen = { used: 50, collected: 0, changes: [] as boolean[] };
  const guard = new MemoryGuard({
    limitBytes: 100,
    usedBytes: () => seen.used,
    collect: () => seen.collected++,
    onChange: (isTight) => seen.changes.push(isTight),
  });
  const look = (times: number): number => {
    const before = seen.collected;
    for (let time = 0; time < times; time++) guard.look();
    return seen.collected - before;
  };
  return { guard, seen, look };
}

test('close to the limit garbage is collected first', () => {
  const { guard, seen, look } = guarded();
  assert.equal(look(1), 0);
  seen.used = 85;
  assert.equal(look(1), 1);
  assert.equal(guard.isTight, false);
  seen.used = 60;
  look(1);
  assert.deepEqual(seen.changes, []);
});

test('memory is tight when that did not help, until much of it is free again; each change is told once', () => {
  const { guard, seen, look } = guarded();
  seen.used = 85;
  look(6);
  assert.equal(guard.isTight, true);
  seen.used = 70;
  look(1);
  assert.equal(guard.isTight, true);
  seen.used = 60;
  look(1);
  assert.equal(guard.isTight, false);
  assert.deepEqual(seen.changes, [true, false]);
});

test('garbage is collected before a job takes so much that the process would come close, once between two looks', () => {
  const { guard, seen, look } = guarded();
  guard.makeRoom(20);
  assert.equal(seen.collected, 0);
  guard.makeRoom(30);
  guard.makeRoom(30);
  assert.equal(seen.collected, 1);
  look(1);
  guard.makeRoom(30);
  assert.equal(seen.collected, 2);
  assert.equal(guard.isTight, false);
});

test('while collections free much, garbage is collected again and again', () => {
  const { seen, look } = guarded();
  let collections = 0;
  for (let round = 0; round < 50; round++) {
    seen.used = 95;
    collections += look(2);
    seen.used = 90;
    collections += look(1);
  }
  assert.ok(collections >= 50, String(collections));
});

test('while collections free nothing they become rare, until memory grows', () => {
  const { seen, look } = guarded();
  seen.used = 90;
  // A minute of ten looks a second.
  const collections = look(600);
  assert.ok(collections >= 2 && collections <= 10, String(collections));
  look(100);
  seen.used = 94;
  assert.equal(look(1), 1);
});

test('after it was far from the limit it starts anew', () => {
  const { seen, look } = guarded();
  seen.used = 90;
  look(600);
  seen.used = 50;
  look(1);
  seen.used = 90;
  assert.equal(look(1), 1);
});
