/* Kernels that do what the tests of the pool need: good ones, slow ones and bad ones. */
import { threadId } from 'node:worker_threads';
import { KnownError } from '../../../src/errors.ts';
import { sharedFloat32, sharedInt32 } from '../../../src/imaging/array.ts';
import { retainedBytes, withScratch } from '../../../src/imaging/scratch.ts';

/** Element 0 is a gate: closed at 0. Element 1 counts those who have arrived at it. */
export type Gate = Int32Array;

export function closedGate(): Gate {
  return sharedInt32(2);
}

export function open(gate: Gate): void {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
}

/** Resolves once `count` kernels have arrived at the gate. */
export async function arrived(gate: Gate, count: number): Promise<void> {
  for (let here = Atomics.load(gate, 1); here < count; here = Atomics.load(gate, 1)) {
    await Atomics.waitAsync(gate, 1, here).value;
  }
}

function arrive(gate: Gate): void {
  Atomics.add(gate, 1, 1);
  Atomics.notify(gate, 1);
}

export const kernels = {
  double: ({ value }: { readonly value: number }): number => value * 2,

  threadId: (_: null): number => threadId,

  /** Adds one in place, which real kernels must not do, and returns the same array. */
  increment(data: Float32Array): Float32Array {
    for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) + 1;
    return data;
  },

  /** Borrows a temporary array. Bytes of such arrays that the thread kept before. */
  borrow({ bytes }: { readonly bytes: number }): number {
    const before = retainedBytes();
    withScratch((scratch) => scratch.bytes(bytes).length);
    return before;
  },

  /** Memory that nobody writes to takes no time. */
  allocate: ({ length }: { readonly length: number }): Float32Array => sharedFloat32(length),

  /** Bytes of arrays that were made in this thread and are in memory still, whoever holds them. */
  heldBytes: (_: null): number => process.memoryUsage().arrayBuffers,

  async passGate(gate: Gate): Promise<string> {
    arrive(gate);
    while (Atomics.load(gate, 0) === 0) await Atomics.waitAsync(gate, 0, 0).value;
    return 'passed';
  },

  /** Keeps its thread busy until the gate opens, as a long computation does. */
  blockAtGate(gate: Gate): number {
    arrive(gate);
    Atomics.wait(gate, 0, 0);
    return threadId;
  },

  spinForEver(gate: Gate): never {
    arrive(gate);
    for (;;);
  },

  refuse({ code }: { readonly code: 'corrupt_image' }): never {
    throw new KnownError(code, 'The image a.tif ends after 3 of 9 rows.', { details: { rows: 9 } });
  },

  breakDown(_: null): never {
    throw new TypeError('undefined is not a function');
  },

  allocateTooMuch: (_: null): ArrayBuffer => new ArrayBuffer(2 ** 52),

  returnFunction: (_: null): unknown => ({ result: () => 'functions cannot be cloned' }),

  exitProcess: ({ code }: { readonly code: number }): never => process.exit(code),

  throwLater(_: null): Promise<never> {
    setImmediate(() => {
      throw new Error('thrown outside of the kernel');
    });
    return new Promise(() => {});
  },

  fillHeap(_: null): number {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_unused, index) => index + kept.length));
  },
};

export type SampleKernels = typeof kernels;
