import type { Readable } from 'node:stream';
import { onAbort } from '../../abort.ts';
import { KnownError } from '../../errors.ts';
import { type Attempted, type Explain, corruptTransfer, objectError } from './object-error.ts';
import { type BucketTimeouts, StallWatch } from './timeouts.ts';

/** A checksum that grows with the bytes. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Whether it is the one that the store gave. */
  matches(): boolean;
}

interface Reception extends Attempted {
  /** Bytes that must come, if known. */
  readonly size: number | undefined;
  readonly digest?: Digest | undefined;
  readonly timeouts: BucketTimeouts;
  readonly explain: Explain;
}

/**
 * The bytes of a stream, which ends with an error if it stalls, is given up, ends early or does not match its checksum.
 * A stream that nobody comes to read counts as stalled: it would hold its connection for ever.
 */
export function receiveBody(source: Readable, reception: Reception): AsyncIterable<Uint8Array> {
  const { key, signal, timeouts } = reception;
  const watch = new StallWatch(timeouts, () => source.destroy(stalled(key, timeouts)));
  // Readers get the error from the iterator; this listener keeps it from crashing the process.
  source.on('error', () => undefined);
  const stopListening = onAbort(signal, (reason) => source.destroy(reason));
  source.once('close', () => {
    watch.stop();
    stopListening();
  });
  watch.wait();
  return readWhole(source, reception, watch);
}

async function* readWhole(
  source: AsyncIterable<Uint8Array>,
  reception: Reception,
  watch: StallWatch,
): AsyncGenerator<Uint8Array> {
  const { key, size, digest, explain } = reception;
  let received = 0;
  watch.moved(0);
  watch.wait();
  try {
    for await (const chunk of source) {
      watch.moved(chunk.length);
      received += chunk.length;
      digest?.update(chunk);
      yield chunk;
      watch.wait();
    }
  } catch (error) {
    throw objectError(error, explain, reception);
  } finally {
    watch.stop();
  }
  if (size !== undefined && received !== size) {
    throw new KnownError('bucket_unavailable', `"${key}" gave ${received} of ${size} bytes.`);
  }
  if (digest?.matches() === false) throw corruptTransfer(key);
}

function stalled(key: string, { stallBytes, stallTimeoutMs }: BucketTimeouts): KnownError {
  return new KnownError(
    'bucket_unavailable',
    `"${key}" stalled: fewer than ${stallBytes} bytes in ${stallTimeoutMs / 1000} s.`,
  );
}
