import { openCompute } from '../consumer/open-ports.ts';
import type { Workflow } from '../flow/workflow.ts';
import { kernels } from '../kernels.ts';
import type { ComputePool } from '../ports.ts';
import { InlinePool } from './inline-pool.ts';

/** What runs the kernels: so many threads, or none. */
export async function openKernels(_workflow: Workflow, threads: number): Promise<ComputePool> {
  return threads > 0 ? openCompute({ threads }) : new InlinePool(kernels);
}
