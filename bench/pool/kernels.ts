import { sharedFloat32 } from '../../src/imaging/array.ts';

/** Kernels that do nothing but what is to be measured. */
export const kernels = {
  pass: (data: Float32Array): Float32Array => data,

  /** A few milliseconds of arithmetic, with a result in new shared memory, as a step of the pipeline. */
  work(data: Float32Array): Float32Array {
    const result = sharedFloat32(data.length);
    for (const [index, value] of data.entries()) result[index] = Math.sqrt(value + index);
    return result;
  },
};

export type PoolKernels = typeof kernels;
