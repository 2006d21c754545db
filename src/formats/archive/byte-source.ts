/** Bytes that can be read from any place, such as those of an object in a bucket. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Bytes from `start` up to, but not including, `end`, both within the size. The caller does not change them. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Bytes that are asked for at a time. */
const PIECE_BYTES = 2 ** 20;

/** Bytes from `start` up to, but not including, `end`, piece by piece. */
export async function* readPieces(
  source: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES) {
    yield await source.read(at, Math.min(at + PIECE_BYTES, end));
  }
}

/** Bytes in memory as a source. */
export function bytesAsSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  };
}
