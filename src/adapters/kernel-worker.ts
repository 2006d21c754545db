import { workerData } from 'node:worker_threads';
import { KnownError } from '../errors.ts';
import type { KernelCall, KernelReply } from './compute-pool.ts';

type AnyKernel = (input: unknown) => unknown;

/** The module with the kernels, named by whoever made the pool. */
const { kernelsUrl } = workerData as { readonly kernelsUrl: string };
const { kernels } = (await import(kernelsUrl)) as { readonly kernels: Readonly<Record<string, AnyKernel>> };

/** Runs one kernel. An error is returned as a value: thrown, it would lose its code at the border of the thread. */
export default async function perform({ kernel, input }: KernelCall): Promise<KernelReply> {
  try {
    const run = kernels[kernel];
    if (run === undefined) throw new Error(`There is no kernel ${kernel}.`);
    return { result: await run(input) };
  } catch (error) {
    if (error instanceof KnownError) {
      return { failure: { code: error.code, message: error.message, details: { ...error.details } } };
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { failure: { code: 'internal', message: `Internal error: ${message}`, details: {}, stack } };
  }
}
