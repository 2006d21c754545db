import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { abortable, onAbort, withTimeout } from '../src/abort.ts';
import { KnownError } from '../src/errors.ts';

setFlagsFromString('--expose-gc');
// Node gives `gc` to contexts that are made after the flag was set.
const collectGarbage = runInNewContext('gc') as () => void;

const stopping = new KnownError('shutting_down', 'Stopping.');
const late = new KnownError('stage_timeout', 'Too late.');
const unsettled = new Promise<never>(() => {});

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

/** Whether what `make` made is collected while the signal lives on. */
async function isCollected(make: () => Promise<WeakRef<object>>): Promise<boolean> {
  const reference = await make();
  for (let round = 0; round < 20 && reference.deref() !== undefined; round++) {
    await turn();
    collectGarbage();
  }
  return reference.deref() === undefined;
}

describe('abortable', () => {
  test('gives the result of the work, and listens no longer', async () => {
    const { signal } = new AbortController();
    assert.equal(await abortable(signal, Promise.resolve(7)), 7);
    assert.equal(listenersOf(signal), 0);
  });

  test('rejects with the error of the work, and listens no longer', async () => {
    const { signal } = new AbortController();
    await assert.rejects(abortable(signal, Promise.reject(late)), late);
    assert.equal(listenersOf(signal), 0);
  });

  test('rejects when the signal fires, although the work goes on', async () => {
    const control = new AbortController();
    const result = abortable(control.signal, unsettled);
    control.abort(stopping);
    await assert.rejects(result, stopping);
    assert.equal(listenersOf(control.signal), 0);
  });

  test('rejects at once if the signal has fired', async () => {
    await assert.rejects(abortable(AbortSignal.abort(stopping), unsettled), stopping);
  });

  test('rejects with the reason of the signal, whatever the work makes of the abort', async () => {
    const control = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    control.signal.addEventListener('abort', () => reject(new Error('aborted')));
    const result = abortable(control.signal, promise);
    control.abort(stopping);
    await assert.rejects(result, stopping);
  });

  test('an error of the work after the abort reaches nobody', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    await assert.rejects(abortable(AbortSignal.abort(stopping), promise), stopping);
    reject(new Error('unheard'));
    await turn();
  });

  for (const [name, wrap] of [
    ['a signal', (signal: AbortSignal) => signal],
    ['a signal made of others', (signal: AbortSignal) => AbortSignal.any([signal])],
  ] as const) {
    test(`a result is collectable while ${name} lives`, async () => {
      const control = new AbortController();
      const collected = await isCollected(async () => {
        const work = Promise.resolve(new Uint8Array(1_000_000));
        return new WeakRef(await abortable(wrap(control.signal), work));
      });
      assert.ok(collected);
      assert.equal(control.signal.aborted, false);
    });
  }
});

describe('onAbort', () => {
  test('acts when the signal fires, and once', () => {
    const control = new AbortController();
    const reasons: KnownError[] = [];
    onAbort(control.signal, (reason) => reasons.push(reason));
    assert.deepEqual(reasons, []);
    control.abort(stopping);
    assert.deepEqual(reasons, [stopping]);
  });

  test('acts at once if the signal has fired', () => {
    const reasons: KnownError[] = [];
    onAbort(AbortSignal.abort(stopping), (reason) => reasons.push(reason));
    assert.deepEqual(reasons, [stopping]);
  });

  test('does not act once it has been told to stop listening', () => {
    const control = new AbortController();
    const stopListening = onAbort(control.signal, () => assert.fail('acted'));
    stopListening();
    control.abort(stopping);
    assert.equal(listenersOf(control.signal), 0);
  });
});

describe('withTimeout', () => {
  const limit = { signal: new AbortController().signal, timeoutMs: 60_000, onTimeout: () => late };

  test('gives the result of the work', async () => {
    assert.equal(await withTimeout(limit, async () => 7), 7);
  });

  test('rejects when the time is over, and tells the work', async () => {
    let told: unknown;
    const work = (signal: AbortSignal): Promise<never> => {
      onAbort(signal, (reason) => (told = reason));
      return unsettled;
    };
    await assert.rejects(withTimeout({ ...limit, timeoutMs: 1 }, work), late);
    assert.equal(told, late);
  });

  test('rejects when the signal fires, and tells the work', async () => {
    const control = new AbortController();
    let told: unknown;
    const result = withTimeout({ ...limit, signal: control.signal }, (signal) => {
      onAbort(signal, (reason) => (told = reason));
      return unsettled;
    });
    control.abort(stopping);
    await assert.rejects(result, stopping);
    assert.equal(told, stopping);
  });

  test('does not begin once the signal has fired', async () => {
    const work = (): never => assert.fail('began');
    const aborted = { ...limit, signal: AbortSignal.abort(stopping) };
    await assert.rejects(withTimeout(aborted, work), stopping);
  });

  test('has no limit if none is given', async () => {
    assert.equal(await withTimeout({ ...limit, timeoutMs: undefined }, async () => 7), 7);
  });

  test('a result is collectable while the signal lives', async () => {
    const { signal } = new AbortController();
    const collected = await isCollected(async () => {
      const result = await withTimeout({ ...limit, signal }, async () => new Uint8Array(1_000_000));
      return new WeakRef(result);
    });
    assert.ok(collected);
    assert.equal(signal.aborted, false);
  });
});
