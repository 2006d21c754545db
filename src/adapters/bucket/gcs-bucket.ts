import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket as RemoteBucket, IdempotencyStrategy, Storage } from '@google-cloud/storage';
import { KnownError, classify } from '../../errors.ts';
import type { Bucket, StoredObject, UploadOptions } from '../../ports.ts';
import { checkedKey, encodedKey, keyFromUrl } from './key.ts';
import { objectError } from './object-error.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface GcsBucketOptions {
  /** Another endpoint than Google's, for tests; empty for Google's. */
  readonly gcsEndpoint: string;
  readonly warn: (message: string) => void;
}

/** What the client hands on of the answer: the form depends on the HTTP library below it. */
interface RawResponse {
  readonly status?: number;
  readonly statusCode?: number;
  readonly headers: unknown;
}

/** A multiple of 256 KiB; as much is held in memory for each upload. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** A bucket of Google Cloud Storage. Credentials are those of the machine or of GOOGLE_APPLICATION_CREDENTIALS. */
export class GcsBucket implements Bucket {
  readonly url: string;
  readonly #name: string;
  readonly #remote: RemoteBucket;
  readonly #warn: (message: string) => void;
  /** False once the bucket has refused object ACLs: it has uniform bucket-level access. */
  #publishes = true;

  constructor(name: string, { gcsEndpoint, warn }: GcsBucketOptions) {
    this.url = `gs://${name}`;
    this.#name = name;
    this.#warn = warn;
    this.#remote = new Storage({
      // The client's own retries switch each other off when operations overlap; ours are outside.
      retryOptions: {
        autoRetry: false,
        maxRetries: 0,
        idempotencyStrategy: IdempotencyStrategy.RetryNever,
      },
      ...(gcsEndpoint !== '' && { apiEndpoint: gcsEndpoint, projectId: 'local' }),
    }).bucket(name);
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    const stream = this.#remote.file(checkedKey(key)).createReadStream({ validation: 'crc32c' });
    const abort = (): void => void stream.destroy(classify(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    const size = await new Promise<number | undefined>((resolve, reject) => {
      stream.once('response', (response: RawResponse) => {
        // A refusal is told as an error, after its body has been read.
        if ((response.status ?? response.statusCode ?? 200) < 300)
          resolve(contentLength(response.headers));
      });
      stream.once('error', (error) => reject(this.#translate(error, key, signal)));
      // The client asks the store only once somebody reads.
      stream.read(0);
    });
    return {
      size,
      body: this.#whole(key, stream, {
        size,
        signal,
        done: () => signal.removeEventListener('abort', abort),
      }),
    };
  }

  async upload(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: UploadOptions,
  ): Promise<string> {
    const { signal, contentType } = options;
    const target = this.#remote.file(checkedKey(key)).createWriteStream({
      resumable: true,
      chunkSize: CHUNK_BYTES,
      validation: 'crc32c',
      contentType,
      ...(this.#publishes && { predefinedAcl: 'publicRead' as const }),
    });
    try {
      await unlessAborted(
        signal,
        pipeline(Readable.from(body, { objectMode: false }), target, { signal }),
      );
    } catch (error) {
      if (this.#publishes && refusesAcl(error)) {
        this.#publishes = false;
        this.#warn(
          `Bucket ${this.url} has uniform access: results are public only if the bucket is.`,
        );
        // Another attempt with a fresh body is up to the caller.
        throw new KnownError(
          'bucket_unavailable',
          'The bucket takes no object ACLs; trying without.',
          { cause: error },
        );
      }
      throw this.#translate(error, key, signal);
    }
    return this.publicUrl(key);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#remote.file(checkedKey(key)).delete({ ignoreNotFound: true });
    } catch (error) {
      throw this.#translate(error, key, signal);
    }
  }

  publicUrl(key: string): string {
    return `https://storage.googleapis.com/${this.#name}/${encodedKey(key)}`;
  }

  keyOf(keyOrUrl: string): string {
    return keyFromUrl(keyOrUrl, this.#name);
  }

  async close(): Promise<void> {}

  async *#whole(
    key: string,
    stream: AsyncIterable<Uint8Array>,
    {
      size,
      signal,
      done,
    }: {
      readonly size: number | undefined;
      readonly signal: AbortSignal;
      readonly done: () => void;
    },
  ): AsyncGenerator<Uint8Array> {
    let received = 0;
    try {
      for await (const chunk of stream) {
        received += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw this.#translate(error, key, signal);
    } finally {
      done();
    }
    if (size !== undefined && received < size) {
      throw new KnownError(
        'bucket_unavailable',
        `"${key}" broke off after ${received} of ${size} bytes.`,
      );
    }
  }

  #translate(error: unknown, key: string, signal: AbortSignal): KnownError {
    if (signal.aborted) return classify(signal.reason);
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'CONTENT_DOWNLOAD_MISMATCH' || code === 'FILE_NO_UPLOAD') {
      return new KnownError('bucket_corrupt_transfer', `"${key}" does not match its checksum.`, {
        cause: error,
      });
    }
    const status = typeof code === 'number' ? code : undefined;
    const said = error instanceof Error ? error.message : '';
    return objectError({
      error,
      key,
      status,
      badCredentials: status === 401 || /default credentials/i.test(said),
    });
  }
}

function refusesAcl(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    (error.code === 400 || error.code === 412) && /uniform bucket-level access/i.test(error.message)
  );
}

function contentLength(headers: unknown): number | undefined {
  const text = headers instanceof Headers ? headers.get('content-length') : undefined;
  if (text !== undefined) return text === null ? undefined : Number(text);
  const plain = headers as Readonly<Record<string, string | undefined>> | undefined;
  return plain?.['content-length'] === undefined ? undefined : Number(plain['content-length']);
}
