import { parentPort } from 'node:worker_threads';

/** The kernels of an author, some of which do harm. */
export function brighter({ data, by }: { data: Float32Array; by: number }): Float32Array {
  return data.map((value) => value + by);
}

export function forEver(_: object): number {
  for (;;);
}

export function broken(_: object): number {
  throw new Error('A kernel of an author is broken.');
}

export function greedy(_: object): number {
  const kept: object[] = [];
  for (;;) kept.push({ kept: kept.length });
}

/** Steps of a hoarder, and bytes that each takes: enough to be noticed, and not so much that a test that fails takes the machine with it. */
const STEPS = 48;
const STEP_BYTES = 16 * 2 ** 20;

/** Takes memory outside of the heap step by step, of the kind asked for, and goes on computing. */
export function hoarder({
  kind,
  steps = STEPS,
}: {
  kind: keyof typeof TAKE;
  steps?: number;
}): number {
  const take = TAKE[kind]();
  for (let step = 0; step < steps; step++) {
    take();
    const end = performance.now() + 20;
    while (performance.now() < end);
  }
  return steps;
}

const keep = (take: () => Uint8Array): (() => void) => {
  const kept: Uint8Array[] = [];
  return () => void kept.push(take().fill(1));
};

const PAGE = 2 ** 16;
/** The types that this project has of WebAssembly are of what it uses itself. */
const { Memory } = WebAssembly as unknown as {
  readonly Memory: new (size: { initial: number; maximum: number }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
};

const TAKE = {
  'typed arrays': () => keep(() => new Uint8Array(STEP_BYTES)),
  buffers: () => keep(() => Buffer.alloc(STEP_BYTES)),
  'shared memory': () => keep(() => new Uint8Array(new SharedArrayBuffer(2 * STEP_BYTES))),
  'memory of WebAssembly': () => {
    const memory = new Memory({ initial: 1, maximum: 2 ** 15 });
    return () => {
      const pages = memory.grow(STEP_BYTES / PAGE);
      new Uint8Array(memory.buffer, pages * PAGE).fill(1);
    };
  },
};

/** Ends well, and throws later, while another kernel may run. */
export function late({ data }: { data: Float32Array }): number {
  setTimeout(() => {
    throw new Error('Thrown too late.');
  }, 1);
  return data.length;
}

/** Never ends, because what it waits for is thrown past it. */
export function forsaken(_: object): Promise<number> {
  return new Promise(() => setTimeout(() => void Promise.reject(new Error('Forsaken.')), 1));
}

/** What would end the whole process, or this thread under the next call. */
const END = {
  exit: () => process.exit(0),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  'kill of the group': () => process.kill(0, 'SIGKILL'),
};

export function ends({ by }: { by: keyof typeof END }): boolean {
  return END[by]();
}

/** Sends what a package might that takes the thread for its own. */
export function talks(_: object): number {
  for (const message of ['ready', null, 7, { result: 'of nobody' }, { failure: null }])
    parentPort?.postMessage(message);
  return 1;
}

export const kernels = {
  ends,
  talks,
  late,
  forsaken,
  brighter,
  forEver,
  broken,
  greedy,
  hoarder,
};
