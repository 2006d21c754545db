/** A part of a stream. */
export interface Block {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/**
 * A stream in blocks of exactly `size` bytes; the last one is shorter, and empty if the stream is. Holds up
 * to two blocks.
 */
export async function* inBlocks(
  body: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Block> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    held.push(chunk);
    length += chunk.length;
    // A full block waits until more has come: only then is it known not to be the last.
    while (length > size) {
      const all = Buffer.concat(held);
      yield { bytes: all.subarray(0, size), isLast: false };
      held = [all.subarray(size)];
      length -= size;
    }
  }
  yield { bytes: Buffer.concat(held), isLast: true };
}
