/*
 * Large temporary arrays, kept and reused by each thread, so that a kernel leaves no garbage behind.
 */

/** What a thread keeps between kernels, unless told otherwise: enough for the kernels of a 2048² image. */
const RETAINED_BYTES = 256 * 1024 * 1024;

let mostRetained = RETAINED_BYTES;

const idle: ArrayBuffer[] = [];
/** Bytes of the arrays that are lent now. */
let lent = 0;

/** Lends arrays until the function that was given to `withScratch` returns. Their contents are undefined. */
export interface Scratch {
  bytes(length: number): Uint8Array;
  uint16(length: number): Uint16Array;
  int32(length: number): Int32Array;
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
}

/**
 * Runs `work` with an arena of temporary arrays and takes all of them back when it returns or throws. Calls
 * may nest. `work` is synchronous, and its result must not be, or hold, a borrowed array: that is an error,
 * because the next call would overwrite it.
 */
export function withScratch<Result>(work: (scratch: Scratch) => Result): Result {
  const borrowed = new Set<ArrayBufferLike>();
  let open = true;
  const take = (bytes: number): ArrayBuffer => {
    if (!open) throw new Error('A scratch array was asked for after its scope had ended.');
    const buffer = takeIdle(bytes) ?? allocate(bytes);
    lent += buffer.byteLength;
    borrowed.add(buffer);
    return buffer;
  };
  try {
    const result = work({
      bytes: (length) => new Uint8Array(take(length), 0, length),
      uint16: (length) => new Uint16Array(take(length * 2), 0, length),
      int32: (length) => new Int32Array(take(length * 4), 0, length),
      float32: (length) => new Float32Array(take(length * 4), 0, length),
      float64: (length) => new Float64Array(take(length * 8), 0, length),
    });
    refuseBorrowed(result, borrowed);
    return result;
  } finally {
    open = false;
    for (const buffer of borrowed) {
      lent -= buffer.byteLength;
      idle.push(buffer as ArrayBuffer); // only `take` adds to the set
    }
    dropSurplus(mostRetained - lent);
  }
}

/**
 * Limits the bytes that this thread keeps between kernels. A kernel that needs more gets it, but then nothing
 * is kept beside what is lent: at no time does the thread take more than the limit, or than that kernel
 * needs.
 */
export function retainAtMost(bytes: number): void {
  mostRetained = bytes;
  dropSurplus(mostRetained - lent);
}

/** Frees all that this thread keeps; what kernels need from now on is kept again. */
export function releaseScratch(): void {
  const limit = mostRetained;
  retainAtMost(0);
  mostRetained = limit;
}

/** Bytes that this thread keeps for reuse. */
export function retainedBytes(): number {
  return idle.reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

/** The smallest kept buffer that is large enough, unless it is so large that something else will need it. */
function takeIdle(bytes: number): ArrayBuffer | undefined {
  let best = -1;
  let bestBytes = bytes * 4 + 65_536;
  for (const [index, buffer] of idle.entries()) {
    if (buffer.byteLength < bytes || buffer.byteLength >= bestBytes) continue;
    best = index;
    bestBytes = buffer.byteLength;
  }
  return best < 0 ? undefined : idle.splice(best, 1)[0];
}

function allocate(bytes: number): ArrayBuffer {
  dropSurplus(mostRetained - lent - bytes);
  return new ArrayBuffer(bytes);
}

/**
 * Frees the buffers that were unused for longest until what is left is within the limit; at once, not when
 * garbage is collected.
 */
function dropSurplus(limit: number): void {
  let surplus = retainedBytes() - Math.max(0, limit);
  while (surplus > 0) {
    const [longest] = idle.splice(0, 1);
    if (longest === undefined) return;
    surplus -= longest.byteLength;
    longest.transfer(0);
  }
}

function refuseBorrowed(result: unknown, borrowed: ReadonlySet<ArrayBufferLike>): void {
  if (typeof result !== 'object' || result === null) return;
  if (result instanceof Promise)
    throw new Error('Scratch arrays cannot be lent to asynchronous work.');
  const parts: unknown[] = ArrayBuffer.isView(result) ? [result] : Object.values(result);
  for (const part of parts) {
    if (ArrayBuffer.isView(part) && borrowed.has(part.buffer)) {
      throw new Error('A scratch array was about to leave its scope; copy it into a result array.');
    }
  }
}
