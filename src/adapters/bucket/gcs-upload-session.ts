import { CRC32C } from '@google-cloud/storage';
import { KnownError } from '../../errors.ts';
import type { Block } from './blocks.ts';
import { type GcsClient, GcsRefusal, type GcsRequest } from './gcs-client.ts';
import { type GcsTarget, checkStored, uploadPath } from './gcs-upload.ts';

const RESUME_INCOMPLETE = 308;

/** The upload of an object of unknown size, block by block: https://cloud.google.com/storage/docs/performing-resumable-uploads */
export class GcsUploadSession {
  readonly #client: GcsClient;
  readonly #target: GcsTarget;
  /** Whoever has it may write the object: it stands in no message. */
  readonly #url: string;
  readonly #checksum = new CRC32C();
  /** Bytes that the store has. */
  #offset = 0;

  private constructor(client: GcsClient, target: GcsTarget, url: string) {
    this.#client = client;
    this.#target = target;
    this.#url = url;
  }

  static async begin(client: GcsClient, target: GcsTarget): Promise<GcsUploadSession> {
    const { bucket, key, contentType, parameters, signal } = target;
    const { headers } = await client.read({
      method: 'POST',
      url: uploadPath(bucket),
      parameters: { ...parameters, uploadType: 'resumable' },
      headers: { 'content-type': 'application/json', 'x-upload-content-type': contentType },
      body: Buffer.from(JSON.stringify({ name: key, contentType })),
      signal,
    });
    const url = headers.get('location');
    if (url !== null) return new GcsUploadSession(client, target, url);
    throw new KnownError('bucket_unavailable', 'The object store gave no place to upload to.');
  }

  /** Sends the next block. The last one carries the checksum, so that the store itself refuses wrong bytes. */
  async send({ bytes, isLast }: Block): Promise<void> {
    this.#checksum.update(bytes);
    const end = this.#offset + bytes.length;
    const hash = isLast ? { 'x-goog-hash': `crc32c=${this.#checksum.toString()}` } : {};
    while (this.#offset < end) {
      const body = bytes.subarray(bytes.length - (end - this.#offset));
      const range = `bytes ${this.#offset}-${end - 1}/${isLast ? end : '*'}`;
      const { status, headers, text } = await this.#put(body, { ...hash, 'content-range': range });
      if (status !== RESUME_INCOMPLETE) return checkStored(text, this.#checksum, this.#target.key);
      this.#offset = this.#keptOf(headers, end);
      if (isLast && this.#offset === end) throw this.#keeps(end, end);
    }
  }

  async #put(
    body: Buffer,
    headers: NonNullable<GcsRequest['headers']>,
  ): ReturnType<GcsClient['read']> {
    const { signal } = this.#target;
    try {
      return await this.#client.read({ method: 'PUT', url: this.#url, headers, body, signal });
    } catch (error) {
      if (!(error instanceof GcsRefusal) || error.status !== 404) throw error;
      // It is the session that is missing, not the object: the upload must begin anew.
      throw new KnownError('bucket_unavailable', 'The object store lost an upload.', {
        cause: error,
      });
    }
  }

  /** How many bytes the store has now: perhaps fewer than were sent. */
  #keptOf(headers: Headers, end: number): number {
    const last = /^bytes=0-(\d+)$/.exec(headers.get('range') ?? '')?.[1];
    const kept = last === undefined ? 0 : Number(last) + 1;
    if (kept > this.#offset && kept <= end) return kept;
    throw this.#keeps(kept, end);
  }

  #keeps(kept: number, end: number): KnownError {
    return new KnownError(
      'bucket_unavailable',
      `The object store has ${kept} bytes of "${this.#target.key}" after ${end} were sent.`,
    );
  }
}
