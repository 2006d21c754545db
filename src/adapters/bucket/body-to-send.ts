import { classify } from '../../errors.ts';

/** Most bytes that are copied at a time. */
const PIECE_BYTES = 2 ** 20;

/**
 * The bytes of an upload, out of shared memory, which some streams refuse. An error of the producer of the
 * bytes is classified here, so that it is not mistaken for an error of the store and retried.
 */
export async function* bodyToSend(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      if (chunk.buffer instanceof SharedArrayBuffer) yield* copies(chunk);
      else yield chunk;
    }
  } catch (error) {
    throw classify(error);
  }
}

function* copies(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
    yield Buffer.from(chunk.subarray(at, at + PIECE_BYTES));
  }
}
