/* Runs in a thread of the pool: one kernel at a time, its result or its failure sent back. */
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { releaseScratch, retainAtMost } from '../../imaging/scratch.ts';
import { countAllShared, countShared } from '../../imaging/shared-memory.ts';
import type { KernelTable } from '../../ports.ts';
import { resolvePackage } from '../../resolve-package.ts';
import { loadOwnKernels } from './own-kernels.ts';
import { YoungCollector } from './collect-young.ts';
import { garbageCollector } from './garbage-collector.ts';
import { guardThread } from './guard-thread.ts';
import {
  type KernelCall,
  type KernelReply,
  RELEASE_MEMORY,
  type Sent,
  type ThreadMessage,
  describeFailure,
} from './kernel-message.ts';
import type { WorkerData } from './kernel-thread.ts';

/** Shared memory that passes through the thread between two collections. */
const COLLECTION_BYTES = 8 * 2 ** 20;

// Kernels of authors may import this package by its name.
resolvePackage();

// KernelThread starts this module, and passes this.
const { kernelsUrl, ownKernels, scratchBytes } = workerData as WorkerData;
retainAtMost(scratchBytes);
const collectAll = garbageCollector('major');
const collector = new YoungCollector({ everyBytes: COLLECTION_BYTES });
const { kernels: builtIn } = (await import(kernelsUrl)) as { readonly kernels: KernelTable };
let running: KernelCall | undefined;
if (ownKernels.length > 0) {
  guardThread();
  countAllShared();
  process.on('uncaughtException', failLate);
}
let kernels = builtIn;
for (const url of new Set(ownKernels)) {
  kernels = await loadOwnKernels(kernels, url);
}

// For the threads to come. A thread that is terminated keeps nothing of what it compiled.
flushCompileCache();

parentPort?.on('message', (call: KernelCall | typeof RELEASE_MEMORY) => {
  if (call === RELEASE_MEMORY) {
    releaseScratch();
    collectAll();
    post(RELEASE_MEMORY);
    return;
  }
  const bytes = countShared(call.input);
  running = call;
  void perform(call)
    .then((reply) => end(call, reply))
    .then(() => collector.passed(bytes));
});

const names = Object.keys(kernels);
const own = names.filter((name) => !Object.hasOwn(builtIn, name));
post({ names, own });

async function perform({ kernel, input }: KernelCall): Promise<KernelReply> {
  try {
    const run = kernels[kernel];
    if (run === undefined) throw new Error(`There is no kernel "${kernel}".`);
    // The pool takes only the input that the kernel of this name declares.
    return { result: await run(input as never) };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}

/** Sends what became of a call, once. */
function end(call: KernelCall, reply: KernelReply): void {
  if (running !== call) return;
  running = undefined;
  send(reply);
}

/**
 * What a kernel of an author throws in a timer, or a promise of its own that is rejected, fails the kernel that
 * runs if an author wrote that; a kernel of ours, which serves another job, runs on.
 */
function failLate(error: unknown): void {
  const call = running;
  if (call !== undefined && !Object.hasOwn(builtIn, call.kernel)) {
    end(call, { failure: describeFailure(error) });
    return;
  }
  post({ late: describeFailure(error) });
}

function send(reply: KernelReply): void {
  try {
    post(reply);
  } catch (error) {
    post({ failure: describeFailure(error) });
  }
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage({ kernelThread: message } satisfies Sent);
}
