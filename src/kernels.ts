/** The kernels that run on the compute pool: pure functions of one argument, arrays in and arrays out. */
export const kernels = {};

export type Kernels = typeof kernels;
export type KernelName = keyof Kernels;
