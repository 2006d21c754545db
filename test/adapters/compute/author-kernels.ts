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

export const kernels = { brighter, forEver, broken, greedy };
