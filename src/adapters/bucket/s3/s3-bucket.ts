import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { abortable } from '../../../abort.ts';
import type {
  Bucket,
  ByteRange,
  StoredObject,
  StoredRange,
  UploadOptions,
} from '../../../ports.ts';
import { inBlocks } from '../blocks.ts';
import { bodyToSend } from '../body-to-send.ts';
import { emptyRange, rangeHeader, readContentRange } from '../content-range.ts';
import { checkedKey, keyFromUrl, urlUnder } from '../key.ts';
import { type Attempted, translated } from '../object-error.ts';
import { type Digest, receiveBody } from '../receive-body.ts';
import { type BucketTimeouts, DEFAULT_TIMEOUTS } from '../timeouts.ts';
import { explainS3 } from './s3-error.ts';
import { type ProxySettings, S3Requests } from './s3-requests.ts';
import { uploadToS3 } from './s3-upload.ts';

export interface S3BucketOptions {
  /** Another endpoint than Amazon's, such as MinIO; empty for Amazon's. */
  readonly s3Endpoint: string;
  readonly s3Region: string;
  /** Whether we pay for requests to a bucket whose requesters pay. */
  readonly s3RequesterPays?: boolean;
  /** Whether requests go without credentials. */
  readonly anonymous?: boolean;
  /** Under which readers find objects; the address of the store by default. */
  readonly publicUrl?: string;
  readonly proxy?: ProxySettings;
  readonly warn: (message: string) => void;
  readonly timeouts?: BucketTimeouts;
}

const NO_PROXIES: ProxySettings = { httpProxy: '', httpsProxy: '', noProxy: '' };

/** Each upload holds up to two parts in memory. */
const PART_BYTES = 8 * 2 ** 20;

/**
 * A bucket of Amazon S3 or of a server that speaks its protocol. Credentials are found by the SDK: AWS_*
 * variables, or the role of the machine.
 */
export class S3Bucket implements Bucket {
  readonly url: string;
  readonly #name: string;
  readonly #requests: S3Requests;
  readonly #timeouts: BucketTimeouts;
  readonly #publicUrl: string;
  readonly #payer: { readonly RequestPayer?: 'requester' };

  constructor(name: string, options: S3BucketOptions) {
    this.url = `s3://${name}`;
    this.#name = name;
    this.#timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
    this.#publicUrl = options.publicUrl ?? '';
    this.#payer = options.s3RequesterPays === true ? { RequestPayer: 'requester' } : {};
    this.#requests = new S3Requests({
      bucketUrl: this.url,
      endpoint: options.s3Endpoint,
      region: options.s3Region,
      anonymous: options.anonymous ?? false,
      proxy: options.proxy ?? NO_PROXIES,
      timeouts: this.#timeouts,
      warn: options.warn,
    });
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    return translated(explainS3, this.#attempted(key, signal), async () => {
      const answer = await this.#get(key, {}, signal);
      const { ContentLength: size } = answer;
      const body = this.#receive(key, answer, { size, digest: digestOf(answer), signal });
      return { size, version: answer.ETag ?? '', body };
    });
  }

  async openRange(key: string, range: ByteRange, signal: AbortSignal): Promise<StoredRange> {
    return translated(explainS3, this.#attempted(key, signal), async () => {
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
    const target = { ...this.#target(key), ContentType: contentType };
    const blocks = inBlocks(bodyToSend(body), PART_BYTES);
    await translated(explainS3, this.#attempted(key, signal), () =>
      abortable(signal, uploadToS3(this.#requests, target, blocks, signal)),
    );
    return this.publicUrl(key);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const command = new DeleteObjectCommand(this.#target(key));
    await translated(explainS3, this.#attempted(key, signal), () =>
      this.#requests.send(
        ({ client }, abortSignal) => client.send(command, { abortSignal }),
        signal,
      ),
    );
  }

  publicUrl(key: string): string {
    return urlUnder(this.#base(), key);
  }

  keyOf(keyOrUrl: string): string {
    return keyFromUrl(keyOrUrl, this.url, this.#base());
  }

  async close(): Promise<void> {
    this.#requests.close();
  }

  /** The region may be learned from the first answer, so it is asked each time. */
  #base(): string {
    return this.#publicUrl || this.#requests.addressOf(this.#name);
  }

  #target(key: string): { Bucket: string; Key: string; RequestPayer?: 'requester' } {
    return { Bucket: this.#name, Key: checkedKey(key), ...this.#payer };
  }

  #attempted(key: string, signal: AbortSignal): Attempted {
    return { key, signal, bucketUrl: this.url };
  }

  #get(
    key: string,
    what: { readonly Range?: string },
    signal: AbortSignal,
  ): Promise<GetObjectCommandOutput> {
    const command = new GetObjectCommand({ ...this.#target(key), ...what });
    return this.#requests.send(
      ({ client }, abortSignal) => client.send(command, { abortSignal }),
      signal,
    );
  }

  #receive(
    key: string,
    answer: GetObjectCommandOutput,
    expected: { size: number | undefined; digest?: Digest | undefined; signal: AbortSignal },
  ): AsyncIterable<Uint8Array> {
    const attempted = this.#attempted(key, expected.signal);
    const reading = { timeouts: this.#timeouts, explain: explainS3 };
    return receiveBody(bodyOf(answer), { ...attempted, ...expected, ...reading });
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
