import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryGuard } from '../../src/intake/memory-guard.ts';

/** A guard of a process with a limit of 100 bytes. */
function guarded() {
  const seen = { resident: 50, collected: 0, changes: [] as boolean[] };
  const guard = new MemoryGuard({
    limitBytes: 100,
    residentBytes: () => seen.resident,
    collect: () => seen.collected++,
    onChange: (isTight) => seen.changes.push(isTight),
  });
  return { guard, seen };
}

test('close to the limit garbage is collected first', () => {
  const { guard, seen } = guarded();
  guard.look();
  assert.equal(seen.collected, 0);
  seen.resident = 90;
  guard.look();
  assert.equal(seen.collected, 1);
  assert.equal(guard.isTight, false);
  seen.resident = 60;
  guard.look();
  assert.deepEqual(seen.changes, []);
});

test('memory is tight when that did not help, until much of it is free again; each change is told once', () => {
  const { guard, seen } = guarded();
  seen.resident = 90;
  for (let look = 0; look < 6; look++) guard.look();
  assert.equal(guard.isTight, true);
  seen.resident = 80;
  guard.look();
  assert.equal(guard.isTight, true);
  seen.resident = 70;
  guard.look();
  assert.equal(guard.isTight, false);
  assert.deepEqual(seen.changes, [true, false]);
});

test('while it is tight, garbage is collected again and again', () => {
  const { guard, seen } = guarded();
  seen.resident = 95;
  for (let look = 0; look < 10; look++) guard.look();
  assert.equal(seen.collected, 5);
});
