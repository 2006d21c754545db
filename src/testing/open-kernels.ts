import { loadOwnKernels } from '../adapters/compute/own-kernels.ts';
import { openCompute } from '../consumer/open/open-ports.ts';
import type { Workflow } from '../flow/workflow.ts';
import { kernels } from '../kernels.ts';
import type { ComputePool } from '../ports.ts';
import { InlinePool } from './inline-pool.ts';

/** Runs the kernels, including those of the workflow: on this many threads, or on the calling thread if 0. */
export async function openKernels(
  { kernels: own }: Workflow,
  threads: number,
): Promise<ComputePool> {
  if (threads > 0) return openCompute({ threads, ownKernels: own ? [own] : [] });
  if (own === undefined) return new InlinePool(kernels);
  const all = await loadOwnKernels(kernels, own.href);
  // It has all of ours, and more.
  return new InlinePool(all as typeof kernels);
}
