import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { KnownError } from '../../errors.ts';
import type { Bucket, ByteRange, StoredObject, StoredRange, UploadOptions } from '../../ports.ts';
import { bodyToSend } from './body-to-send.ts';
import { emptyRange, rangeHeader, readContentRange } from './content-range.ts';
import { checkedKey, encodedKey, keyFromUrl } from './key.ts';
import { DEFAULT_TIMEOUTS, type BucketTimeouts, withRequestTimeout } from './timeouts.ts';
import { type Digest, receiveBody } from './receive-body.ts';
import { s3Error } from './s3-error.ts';
import { abortable } from '../../abort.ts';

export interface S3BucketOptions {
  /** Another endpoint than Amazon's, such as MinIO; empty for Amazon's. */
  readonly s3Endpoint: string;
  readonly s3Region: string;
  readonly timeouts?: BucketTimeouts;
}

/** Each upload holds up to two parts in memory. */
const PART_BYTES = 8 * 2 ** 20;

/** A bucket of Amazon S3 or of a server that speaks its protocol. Credentials are found by the SDK: AWS_* variables, or the role of the machine. */
export class S3Bucket implements Bucket {
  readonly url: string;
  readonly #name: string;
  readonly #client: S3Client;
  readonly #timeouts: BucketTimeouts;

  constructor(name: string, { s3Endpoint, s3Region, timeouts }: S3BucketOptions) {
    this.url = `s3://${name}`;
    this.#name = name;
    this.#timeouts = timeouts ?? DEFAULT_TIMEOUTS;
    this.#client = new S3Client({
      region: s3Region,
      followRegionRedirects: true,
      maxAttempts: 1,
      // It would open a connection for each large part.
      expectContinueHeader: false,
      requestHandler: {
        requestTimeout: this.#timeouts.requestTimeoutMs,
        throwOnRequestTimeout: true,
      },
      ...(s3Endpoint !== '' && { endpoint: s3Endpoint, forcePathStyle: true }),
    });
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    return this.#translating(key, signal, async () => {
      const answer = await this.#get(key, { ChecksumMode: 'ENABLED' }, signal);
      const { ContentLength: size } = answer;
      return { size, body: this.#receive(key, answer, { size, digest: digestOf(answer), signal }) };
    });
  }

  async openRange(key: string, range: ByteRange, signal: AbortSignal): Promise<StoredRange> {
    return this.#translating(key, signal, async () => {
      try {
        const answer = await this.#get(key, { Range: rangeHeader(range) }, signal);
        const told = { key, range, header: answer.ContentRange };
        const { size, total } = readContentRange(bodyOf(answer), told);
        // Some servers answer "bytes 0-0/0" instead of 416, and send no byte.
        if (total === 0) {
          bodyOf(answer).destroy();
          return emptyRange(key, range);
        }
        const body = this.#receive(key, answer, { size, signal });
        return { total, version: answer.ETag ?? '', body };
      } catch (error) {
        if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416) {
          return emptyRange(key, range);
        }
        throw error;
      }
    });
  }

  async upload(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { contentType, signal }: UploadOptions,
  ): Promise<string> {
    const Body = Readable.from(bodyToSend(body), { objectMode: false });
    const target = { Bucket: this.#name, Key: checkedKey(key), Body, ContentType: contentType };
    const upload = new Upload({
      client: this.#client,
      partSize: PART_BYTES,
      // With more than one, the others go on to the end of the body after one has failed.
      queueSize: 1,
      // Its own way to take parts away hides the error that it failed with.
      leavePartsOnError: true,
      params: target,
    });
    await this.#translating(key, signal, async () => {
      try {
        signal.throwIfAborted();
        await abortable(signal, upload.done());
      } catch (error) {
        this.#takePartsAway(target.Key, upload.uploadId);
        throw error;
      } finally {
        Body.destroy();
      }
    });
    return this.publicUrl(key);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const target = { Bucket: this.#name, Key: checkedKey(key) };
    await this.#translating(key, signal, () =>
      withRequestTimeout(this.#timeouts, signal, (abortSignal) =>
        this.#client.send(new DeleteObjectCommand(target), { abortSignal }),
      ),
    );
  }

  publicUrl(key: string): string {
    return `https://s3.amazonaws.com/${this.#name}/${encodedKey(key)}`;
  }

  keyOf(keyOrUrl: string): string {
    return keyFromUrl(keyOrUrl, this.url);
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  #get(
    key: string,
    what: Pick<GetObjectCommandInput, 'ChecksumMode' | 'Range'>,
    signal: AbortSignal,
  ): Promise<GetObjectCommandOutput> {
    const command = new GetObjectCommand({ Bucket: this.#name, Key: checkedKey(key), ...what });
    return withRequestTimeout(this.#timeouts, signal, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
  }

  #receive(
    key: string,
    answer: GetObjectCommandOutput,
    expected: { size: number | undefined; digest?: Digest | undefined; signal: AbortSignal },
  ): AsyncIterable<Uint8Array> {
    const circumstances = { key, bucketUrl: this.url, signal: expected.signal };
    const translate = (error: unknown): KnownError => s3Error(error, circumstances);
    return receiveBody(bodyOf(answer), { key, ...expected, timeouts: this.#timeouts, translate });
  }

  /** Not waited for: parts that stay behind cost a little, and never become an object. */
  #takePartsAway(key: string, uploadId: string | undefined): void {
    if (uploadId === undefined) return;
    const parts = { Bucket: this.#name, Key: key, UploadId: uploadId };
    this.#client.send(new AbortMultipartUploadCommand(parts)).catch(() => undefined);
  }

  async #translating<Result>(
    key: string,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw s3Error(error, { key, bucketUrl: this.url, signal });
    }
  }
}

function bodyOf({ Body }: GetObjectCommandOutput): Readable {
  if (Body instanceof Readable) return Body;
  throw new TypeError('The answer of S3 has no body.');
}

/**
 * The ETag as a checksum: the MD5 of the bytes, where the object was neither uploaded in parts nor encrypted with keys
 * of its own (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html). Objects with a checksum of the newer
 * kind are checked by the SDK.
 */
function digestOf(answer: GetObjectCommandOutput): Digest | undefined {
  const expected = /^"?([0-9a-f]{32})"?$/.exec(answer.ETag ?? '')?.[1];
  const isEncrypted =
    answer.SSECustomerAlgorithm !== undefined ||
    answer.ServerSideEncryption?.startsWith('aws:') === true;
  if (expected === undefined || isEncrypted || isCheckedBySdk(answer)) return undefined;
  const md5 = createHash('md5');
  return {
    update: (bytes) => void md5.update(bytes),
    matches: () => md5.digest('hex') === expected,
  };
}

function isCheckedBySdk(answer: GetObjectCommandOutput): boolean {
  const { ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 } = answer;
  const checksum =
    ChecksumCRC32 ?? ChecksumCRC32C ?? ChecksumCRC64NVME ?? ChecksumSHA1 ?? ChecksumSHA256;
  return checksum !== undefined && !checksum.includes('-');
}
