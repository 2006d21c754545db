import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inOrder } from '../../src/flow/in-order.ts';

/** Work whose ends the test decides. */
function controlled() {
  const ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const signals: AbortSignal[] = [];
  const work = (value: number, signal: AbortSignal): Promise<string> => {
    signals.push(signal);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    ends.set(value, { resolve: () => resolve(`done ${value}`), reject });
    return promise;
  };
  return { ends, signals, work, begun: () => [...ends.keys()] };
}

test('results come in the order of the values, whichever ends first', async () => {
  const { ends, work } = controlled();
  const results: string[] = [];
  const all = (async () => {
    for await (const result of inOrder([1, 2, 3], 3, work)) results.push(result);
  })();
  await turn();
  for (const value of [3, 1, 2]) ends.get(value)?.resolve();
  await all;
  assert.deepEqual(results, ['done 1', 'done 2', 'done 3']);
});

test('no more values are taken than may be in work or wait', async () => {
  const { ends, work, begun } = controlled();
  const results = inOrder([1, 2, 3, 4], 2, work);
  const first = results.next();
  await turn();
  assert.deepEqual(begun(), [1, 2]);
  ends.get(2)?.resolve();
  await turn();
  assert.deepEqual(begun(), [1, 2]);
  ends.get(1)?.resolve();
  assert.deepEqual(await first, { value: 'done 1', done: false });
  void results.next();
  await turn();
  assert.deepEqual(begun(), [1, 2, 3]);
});

test('an error ends it in its turn, and the rest of the work is given up', async () => {
  const { ends, signals, work } = controlled();
  const seen: string[] = [];
  const all = (async () => {
    for await (const result of inOrder([1, 2, 3], 3, work)) seen.push(result);
  })();
  await turn();
  ends.get(2)?.reject(new Error('broken'));
  ends.get(1)?.resolve();
  await assert.rejects(all, { message: 'broken' });
  assert.deepEqual(seen, ['done 1']);
  assert.ok(signals.every(({ aborted }) => aborted));
});

test('whoever stops early gives up the rest of the work', async () => {
  const { ends, signals, work } = controlled();
  const results = inOrder([1, 2, 3], 2, work);
  const first = results.next();
  await turn();
  ends.get(1)?.resolve();
  await first;
  await results.return(undefined);
  assert.ok(signals.every(({ aborted }) => aborted));
});
