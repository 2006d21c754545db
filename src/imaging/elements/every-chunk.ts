import { type RowArena, rowsOf, withRows } from '../wasm/row-kernels.ts';

/** Values that are looked at in one call. */
const CHUNK = 16_384;

type Look = (kernels: RowArena['kernels'], address: number, count: number) => number;

/**
 * Whether a kernel finds of all parts of an array what it looks for: it returns 0 if not. Behind the last part stand
 * values of the one before, or zeros.
 */
export function everyChunk(data: Float32Array, look: Look): boolean {
  return withRows(rowsOf([CHUNK]), (arena) => lookAtChunks(arena, data, look));
}

/** Looks at one part after the other until a kernel does not find what it looks for. */
function lookAtChunks({ kernels, rowOf }: RowArena, data: Float32Array, look: Look): boolean {
  const line = rowOf(CHUNK, 'zero');
  for (let start = 0; start < data.length; start += CHUNK) {
    const chunk = data.subarray(start, start + CHUNK);
    line.float32.set(chunk);
    if (look(kernels, line.address, chunk.length) === 0) return false;
  }
  return true;
}
