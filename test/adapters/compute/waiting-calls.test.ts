import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitingCalls } from '../../../src/adapters/compute/waiting-calls.ts';

interface Named {
  readonly queue: string;
  readonly name: string;
}

const flood = (queue: string, count: number): Named[] =>
  Array.from({ length: count }, (_, at) => ({ queue, name: `${queue}${at}` }));

/** Names of the calls in the order in which `threads` threads run them, each as long as the others. */
function served(waiting: WaitingCalls<Named>, threads: number): string[] {
  const names: string[] = [];
  const running: Named[] = [];
  for (;;) {
    const call = running.length < threads ? waiting.take() : undefined;
    if (call !== undefined) {
      names.push(call.name);
      running.push(call);
      continue;
    }
    const first = running.shift();
    if (first === undefined) return names;
    waiting.ended(first);
  }
}

test('a flood on one queue delays the call of another by none but those that run', () => {
  for (const threads of [1, 2, 4]) {
    const waiting = new WaitingCalls<Named>();
    for (const call of flood('busy', 100)) waiting.add(call);
    const running = Array.from({ length: threads }, () => waiting.take());
    waiting.add({ queue: 'quiet', name: 'quiet' });
    for (const call of running) if (call !== undefined) waiting.ended(call);
    assert.equal(served(waiting, threads).indexOf('quiet'), 0, `${threads} threads`);
  }
});

test('floods share the threads, and the calls of each come in their order', () => {
  const waiting = new WaitingCalls<Named>();
  for (const call of [...flood('a', 3), ...flood('b', 3)]) waiting.add(call);
  assert.deepEqual(served(waiting, 1), ['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
  for (const call of [...flood('a', 2), ...flood('b', 2)]) waiting.add(call);
  assert.deepEqual(served(waiting, 2).toSorted(), ['a0', 'a1', 'b0', 'b1']);
});

test('a call that was given up is not taken, and all can be taken at once', () => {
  const waiting = new WaitingCalls<Named>();
  const [first, second] = flood('a', 2);
  assert.ok(first && second);
  waiting.add(first);
  waiting.add(second);
  assert.equal(waiting.delete(first), true);
  assert.equal(waiting.delete(first), false);
  assert.deepEqual(waiting.clear(), [second]);
  assert.equal(waiting.take(), undefined);
});
