import { classify } from '../../../errors.ts';
import type {
  Bucket,
  ByteRange,
  StoredObject,
  StoredRange,
  UploadOptions,
} from '../../../ports.ts';
import { type Block, inBlocks } from '../blocks.ts';
import { bodyToSend } from '../body-to-send.ts';
import { emptyRange, rangeHeader, readContentRange } from '../content-range.ts';
import { Crc32c } from './crc32c.ts';
import { type GcsAnswer, GcsClient, GcsRefusal } from './gcs-client.ts';
import { explainGcs, refusesAcl } from './gcs-error.ts';
import { type Attempted, translated } from '../object-error.ts';
import { GcsUploadSession } from './gcs-upload-session.ts';
import { type GcsTarget, uploadAtOnce } from './gcs-upload.ts';
import { checkedKey, keyFromUrl, urlUnder } from '../key.ts';
import { DEFAULT_TIMEOUTS, type BucketTimeouts } from '../timeouts.ts';
import { type Digest, receiveBody } from '../receive-body.ts';
import { abortable } from '../../../abort.ts';

export interface GcsBucketOptions {
  /** Another endpoint than Google's, which gets no credentials; empty for Google's. */
  readonly gcsEndpoint: string;
  /** The project that pays for requests to a bucket whose requesters pay. */
  readonly gcsUserProject?: string;
  /** Whether requests go without credentials. */
  readonly anonymous?: boolean;
  /** Under which readers find objects; the store's own address by default. */
  readonly publicUrl?: string;
  readonly warn: (message: string) => void;
  readonly timeouts?: BucketTimeouts;
}

/** A multiple of 256 KiB, as chunks must be. Each upload holds up to two blocks in memory. */
const BLOCK_BYTES = 4 * 2 ** 20;

/** A bucket of Google Cloud Storage. Credentials are those of the machine or of GOOGLE_APPLICATION_CREDENTIALS. */
export class GcsBucket implements Bucket {
  readonly url: string;
  readonly #name: string;
  readonly #client: GcsClient;
  readonly #timeouts: BucketTimeouts;
  readonly #warn: (message: string) => void;
  readonly #publicUrl: string;
  /** Whether objects get an ACL for everybody; not once the bucket has refused one. */
  #publishes = true;

  constructor(name: string, options: GcsBucketOptions) {
    this.url = `gs://${name}`;
    this.#name = name;
    this.#warn = options.warn;
    this.#timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
    this.#publicUrl = options.publicUrl || `https://storage.googleapis.com/${name}`;
    this.#client = new GcsClient({
      endpoint: options.gcsEndpoint,
      anonymous: options.anonymous ?? false,
      userProject: options.gcsUserProject ?? '',
      timeouts: this.#timeouts,
    });
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    return translated(explainGcs, this.#attempted(key, signal), async () => {
      const answer = await this.#get(key, {}, signal);
      const size = sizeOf(answer);
      const body = this.#receive(key, answer, { size, digest: digestOf(answer), signal });
      return { size, version: versionOf(answer), body };
    });
  }

  async openRange(key: string, range: ByteRange, signal: AbortSignal): Promise<StoredRange> {
    return translated(explainGcs, this.#attempted(key, signal), async () => {
      try {
        const answer = await this.#get(key, { range: rangeHeader(range) }, signal);
        const { headers, body: bytes } = answer;
        const told = headers.get('content-range') ?? undefined;
        const { size, total } = readContentRange(bytes, { key, range, header: told });
        const body = this.#receive(key, answer, { size, signal });
        return { total, version: versionOf(answer), body };
      } catch (error) {
        if (error instanceof GcsRefusal && error.status === 416) return emptyRange(key, range);
        throw error;
      }
    });
  }

  async upload(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { contentType, signal }: UploadOptions,
  ): Promise<string> {
    const target = { bucket: this.#name, key: checkedKey(key), contentType, signal };
    const blocks = inBlocks(bodyToSend(body), BLOCK_BYTES);
    await translated(explainGcs, this.#attempted(key, signal), () =>
      abortable(signal, this.#store(target, blocks)),
    );
    return this.publicUrl(key);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const url = this.#objectPath(key);
    try {
      await translated(explainGcs, this.#attempted(key, signal), () =>
        this.#client.read({ method: 'DELETE', url, signal }),
      );
    } catch (error) {
      if (classify(error).code !== 'missing_object') throw error;
    }
  }

  publicUrl(key: string): string {
    return urlUnder(this.#publicUrl, key);
  }

  keyOf(keyOrUrl: string): string {
    return keyFromUrl(keyOrUrl, this.url, this.#publicUrl);
  }

  async close(): Promise<void> {}

  async #store(target: Omit<GcsTarget, 'parameters'>, blocks: AsyncIterable<Block>): Promise<void> {
    let session: GcsUploadSession | undefined;
    for await (const block of blocks) {
      if (block.isLast && session === undefined) {
        return this.#published((parameters) =>
          uploadAtOnce(this.#client, { ...target, parameters }, block.bytes),
        );
      }
      session ??= await this.#published((parameters) =>
        GcsUploadSession.begin(this.#client, { ...target, parameters }),
      );
      await session.send(block);
    }
  }

  /** Creates an object that everybody may read; where the bucket forbids that, one with the bucket's own rights. */
  async #published<Result>(
    create: (parameters: Readonly<Record<string, string>>) => Promise<Result>,
  ): Promise<Result> {
    if (!this.#publishes) return create({});
    try {
      return await create({ predefinedAcl: 'publicRead' });
    } catch (error) {
      if (!refusesAcl(error)) throw error;
    }
    const result = await create({});
    if (this.#publishes) {
      this.#publishes = false;
      this.#warn(
        `Bucket ${this.url} takes no ACLs on objects: results are public only if the bucket is.`,
      );
    }
    return result;
  }

  #get(
    key: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<GcsAnswer> {
    return this.#client.ask({
      method: 'GET',
      url: this.#objectPath(key),
      parameters: { alt: 'media' },
      headers: { ...headers, 'accept-encoding': 'identity' },
      signal,
    });
  }

  #receive(
    key: string,
    { body }: GcsAnswer,
    expected: { size: number | undefined; digest?: Digest | undefined; signal: AbortSignal },
  ): AsyncIterable<Uint8Array> {
    const attempted = this.#attempted(key, expected.signal);
    const reading = { timeouts: this.#timeouts, explain: explainGcs };
    return receiveBody(body, { ...attempted, ...expected, ...reading });
  }

  #objectPath(key: string): string {
    return `/storage/v1/b/${this.#name}/o/${encodeURIComponent(checkedKey(key))}`;
  }

  #attempted(key: string, signal: AbortSignal): Attempted {
    return { key, signal, bucketUrl: this.url };
  }
}

function versionOf({ headers }: GcsAnswer): string {
  return headers.get('x-goog-generation') ?? '';
}

/** Bytes of the body. An object that is stored compressed comes unpacked, and its size is not told. */
function sizeOf({ headers }: GcsAnswer): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : Number(length);
}

/** The checksum of an object, unless it is that of the compressed form in which the object is stored. */
function digestOf({ headers }: GcsAnswer): Digest | undefined {
  const expected = /\bcrc32c=([^,\s]+)/.exec(headers.get('x-goog-hash') ?? '')?.[1];
  const isStoredSo = (headers.get('x-goog-stored-content-encoding') ?? 'identity') === 'identity';
  if (expected === undefined || !isStoredSo) return undefined;
  const checksum = new Crc32c();
  return {
    update: (bytes) => checksum.update(bytes),
    matches: () => checksum.toString() === expected,
  };
}
