import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { KnownError, classify } from '../../errors.ts';
import type { Bucket, StoredObject, UploadOptions } from '../../ports.ts';
import { checkedKey, encodedKey, keyFromUrl } from './key.ts';
import { objectError } from './object-error.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface S3BucketOptions {
  /** Another endpoint than Amazon's, such as MinIO; empty for Amazon's. */
  readonly s3Endpoint: string;
  readonly s3Region: string;
}

const PART_BYTES = 8 * 2 ** 20;

/** A bucket of Amazon S3 or of a server that speaks its protocol. Credentials are found by the SDK: AWS_* variables, or the role of the machine. */
export class S3Bucket implements Bucket {
  readonly url: string;
  readonly #name: string;
  readonly #client: S3Client;

  constructor(name: string, { s3Endpoint, s3Region }: S3BucketOptions) {
    this.url = `s3://${name}`;
    this.#name = name;
    this.#client = new S3Client({
      region: s3Region,
      maxAttempts: 1,
      ...(s3Endpoint !== '' && { endpoint: s3Endpoint, forcePathStyle: true }),
    });
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    const target = { Bucket: this.#name, Key: checkedKey(key), ChecksumMode: 'ENABLED' as const };
    return this.#mapping(key, signal, async () => {
      const { Body, ContentLength } = await this.#client.send(new GetObjectCommand(target), {
        abortSignal: signal,
      });
      if (!(Body instanceof Readable)) throw new Error('The answer has no body.');
      return { size: ContentLength, body: this.#whole(key, Body, ContentLength, signal) };
    });
  }

  async upload(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: UploadOptions,
  ): Promise<string> {
    const { contentType, signal } = options;
    await this.#mapping(key, signal, async () => {
      const upload = new Upload({
        client: this.#client,
        partSize: PART_BYTES,
        queueSize: 2,
        params: {
          Bucket: this.#name,
          Key: checkedKey(key),
          Body: Readable.from(body, { objectMode: false }),
          ContentType: contentType,
        },
      });
      const abort = (): void => void upload.abort().catch(() => undefined);
      signal.addEventListener('abort', abort, { once: true });
      try {
        signal.throwIfAborted();
        await unlessAborted(signal, upload.done());
      } finally {
        signal.removeEventListener('abort', abort);
      }
    });
    return this.publicUrl(key);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const target = { Bucket: this.#name, Key: checkedKey(key) };
    await this.#mapping(key, signal, () =>
      this.#client.send(new DeleteObjectCommand(target), { abortSignal: signal }),
    );
  }

  publicUrl(key: string): string {
    return `https://s3.amazonaws.com/${this.#name}/${encodedKey(key)}`;
  }

  keyOf(keyOrUrl: string): string {
    return keyFromUrl(keyOrUrl, this.#name);
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  /** The bytes, with whatever goes wrong on the way put into our words. A body that ends early is an error. */
  async *#whole(
    key: string,
    body: AsyncIterable<Uint8Array>,
    size: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    let received = 0;
    try {
      for await (const chunk of body) {
        received += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw this.#translate(error, key, signal);
    }
    if (size !== undefined && received < size) {
      throw new KnownError(
        'bucket_unavailable',
        `"${key}" broke off after ${received} of ${size} bytes.`,
      );
    }
  }

  async #mapping<Result>(
    key: string,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.#translate(error, key, signal);
    }
  }

  #translate(error: unknown, key: string, signal: AbortSignal): KnownError {
    if (signal.aborted) return classify(signal.reason);
    if (error instanceof Error && /checksum mismatch/i.test(error.message)) {
      return new KnownError('bucket_corrupt_transfer', `"${key}" does not match its checksum.`, {
        cause: error,
      });
    }
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    const badCredentials = error instanceof Error && BAD_CREDENTIALS.has(error.name);
    return objectError({ error, key, status, badCredentials });
  }
}

const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
]);
