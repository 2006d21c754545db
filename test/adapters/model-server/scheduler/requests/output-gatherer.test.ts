import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputGatherer } from '../../../../../src/adapters/model-server/scheduler/requests/output-gatherer.ts';
import { OutputMemory } from '../../../../../src/adapters/model-server/scheduler/requests/output-memory.ts';
import { KnownError } from '../../../../../src/errors.ts';

const memory = new OutputMemory({ keptBytes: 2 ** 20 });

function tensor(shape: readonly number[], values: readonly number[]) {
  return { shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

describe('OutputGatherer', () => {
  it('puts rows where they belong, outputs in the order of their names, in shared memory', () => {
    const gatherer = new OutputGatherer(3, memory);
    const first = new Map([
      ['b', tensor([2, 1], [10, 20])],
      ['a', tensor([2, 2], [1, 2, 3, 4])],
    ]);
    const second = new Map([
      ['a', tensor([1, 2], [5, 6])],
      ['b', tensor([1, 1], [30])],
    ]);
    assert.equal(gatherer.copyRows(first, { of: 2, from: 1, to: 0, rows: 1 }), false);
    assert.equal(gatherer.copyRows(first, { of: 2, from: 0, to: 2, rows: 1 }), false);
    assert.equal(gatherer.copyRows(second, { of: 1, from: 0, to: 1, rows: 1 }), true);
    const { outputs } = gatherer;
    assert.deepEqual([...outputs.keys()], ['a', 'b']);
    assert.deepEqual(outputs.get('a')?.shape, [3, 2]);
    assert.deepEqual([...(outputs.get('a')?.data ?? [])], [3, 4, 5, 6, 1, 2]);
    assert.deepEqual([...(outputs.get('b')?.data ?? [])], [20, 30, 10]);
    assert.ok(outputs.get('a')?.data.buffer instanceof SharedArrayBuffer);
  });

  it('keeps only the channels that are asked for, of those that there are', () => {
    const channels = new Map([
      ['a', [0, 2, 5]],
      ['c', [0]],
    ]);
    const gatherer = new OutputGatherer(2, memory, channels);
    const row = (pixels: readonly number[]) =>
      new Map([
        ['a', tensor([1, 1, 2, 3], pixels)],
        ['b', tensor([1, 1], [pixels[0] ?? NaN])],
        ['c', tensor([1, 1, 2, 1], pixels.slice(0, 2))],
      ]);
    gatherer.copyRows(row([1, 2, 3, 4, 5, 6]), { of: 1, from: 0, to: 1, rows: 1 });
    gatherer.copyRows(row([7, 8, 9, 10, 11, 12]), { of: 1, from: 0, to: 0, rows: 1 });
    const { outputs } = gatherer;
    assert.deepEqual(outputs.get('a')?.shape, [2, 1, 2, 2]);
    assert.deepEqual([...(outputs.get('a')?.data ?? [])], [7, 9, 10, 12, 1, 3, 4, 6]);
    assert.deepEqual([...(outputs.get('b')?.data ?? [])], [7, 1]);
    assert.deepEqual([...(outputs.get('c')?.data ?? [])], [7, 8, 1, 2]);
  });

  it('refuses replies that are not one row for each row', () => {
    const gatherer = new OutputGatherer(2, memory);
    const scalar = new Map([['loss', tensor([], [1])]]);
    const rows = { of: 2, from: 0, to: 0, rows: 2 };
    const mismatch = (error: unknown): boolean =>
      error instanceof KnownError && error.code === 'model_mismatch';
    assert.throws(() => gatherer.copyRows(scalar, rows), mismatch);
  });

  it('refuses replies whose outputs change', () => {
    const gatherer = new OutputGatherer(2, memory);
    gatherer.copyRows(new Map([['a', tensor([1, 2], [1, 2])]]), { of: 1, from: 0, to: 0, rows: 1 });
    const wider = new Map([['a', tensor([1, 3], [1, 2, 3])]]);
    const second = { of: 1, from: 0, to: 1, rows: 1 };
    assert.throws(() => gatherer.copyRows(wider, second), /output a of shape \[1, 3\] for 1 rows/);
    assert.throws(() => gatherer.copyRows(new Map(), second), KnownError);
  });

  it('copies a reply as a whole', () => {
    const gatherer = new OutputGatherer(4, memory);
    gatherer.copyAll(new Map([['p', tensor([1, 1, 2], [0.25, 0.75])]]));
    assert.deepEqual(gatherer.outputs.get('p')?.shape, [1, 1, 2]);
    assert.deepEqual([...(gatherer.outputs.get('p')?.data ?? [])], [0.25, 0.75]);
  });

  it('uses memory again that was given back', () => {
    const wide = tensor([1, 30_000], Array<number>(30_000).fill(7));
    const gatherer = new OutputGatherer(1, memory);
    gatherer.copyAll(new Map([['p', wide]]));
    const buffer = gatherer.outputs.get('p')?.data.buffer;
    gatherer.release();
    const next = new OutputGatherer(1, memory);
    next.copyAll(new Map([['p', wide]]));
    assert.equal(next.outputs.get('p')?.data.buffer, buffer);
    const another = new OutputGatherer(1, memory);
    another.copyAll(new Map([['p', wide]]));
    assert.notEqual(another.outputs.get('p')?.data.buffer, buffer);
  });
});
