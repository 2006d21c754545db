import type { Readable } from 'node:stream';
import { KnownError, classify } from '../../errors.ts';
import { corruptTransfer } from './object-error.ts';
import { type BucketTimeouts, StallWatch } from './timeouts.ts';

/** A checksum that grows with the bytes. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Whether it is the one that the store gave. */
  matches(): boolean;
}

interface Reception {
  readonly key: string;
  /** Bytes that must come, if known. */
  readonly size: number | undefined;
  readonly digest?: Digest | undefined;
  readonly signal: AbortSignal;
  readonly timeouts: BucketTimeouts;
  /** What an error of the stream means. */
  readonly translate: (error: unknown) => KnownError;
}

/**
 * The bytes of a stream, which ends with an error if it stalls, is given up, ends early or does not match its checksum.
 * A stream that nobody comes to read counts as stalled: it would hold its connection for ever.
 */
export function receiveBody(source: Readable, reception: Reception): AsyncIterable<Uint8Array> {
  const { key, signal, timeouts } = reception;
  const watch = new StallWatch(timeouts, () => source.destroy(stalled(key, timeouts)));
  const giveUp = (): void => void source.destroy(classify(signal.reason));
  // Whoever reads is told; without a reader the error would end the process.
  source.on('error', () => undefined);
  source.once('close', () => {
    watch.stop();
    signal.removeEventListener('abort', giveUp);
  });
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  watch.wait();
  return readWhole(source, reception, watch);
}

async function* readWhole(
  source: AsyncIterable<Uint8Array>,
  { key, size, digest, translate }: Reception,
  watch: StallWatch,
): AsyncGenerator<Uint8Array> {
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
    throw translate(error);
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
