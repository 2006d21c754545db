import { KnownError } from '../../../errors.ts';
import type { Block } from '../blocks.ts';
import { retryBriefly } from '../retry-briefly.ts';
import { Crc32c } from './crc32c.ts';
import { UploadLost, explainGcs } from './gcs-error.ts';
import { type GcsClient, GcsRefusal, type GcsRequest } from './gcs-client.ts';
import { type GcsTarget, checkStored, uploadPath } from './gcs-upload.ts';

const RESUME_INCOMPLETE = 308;

type GcsText = Awaited<ReturnType<GcsClient['read']>>;

interface SizedBlock extends Block {
  /** Where it ends in the object. */
  readonly end: number;
}

/**
 * The upload of an object of unknown size, block by block:
 * https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export class GcsUploadSession {
  readonly #client: GcsClient;
  readonly #target: GcsTarget;
  /** A bearer secret: never log it. */
  readonly #url: string;
  readonly #checksum = new Crc32c();
  /** Bytes that the store has. */
  #offset = 0;
  /** True if a request failed after which the store may have more. */
  #uncertain = false;

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
    throw new KnownError('bucket_unavailable', 'The object store returned no upload URL.');
  }

  /**
   * Sends the next block; again, from where the store has got to, if it is unavailable for a moment. The last one
   * carries the checksum, so that the store itself refuses wrong bytes.
   */
  async send({ bytes, isLast }: Block): Promise<void> {
    this.#checksum.update(bytes);
    const block = { bytes, isLast, end: this.#offset + bytes.length };
    while (this.#offset < block.end) {
      const answer = await retryBriefly(explainGcs, this.#target.signal, () =>
        this.#sendRest(block),
      );
      if (answer.status !== RESUME_INCOMPLETE) {
        return checkStored(answer.text, this.#checksum, this.#target.key);
      }
      const kept = this.#keptOf(answer, block);
      if (kept === this.#offset) throw this.#keeps(kept, block.end);
      this.#offset = kept;
    }
    if (isLast) throw this.#keeps(block.end, block.end);
  }

  /** Sends what the store lacks of a block. After a failure that is not known: then it is asked first. */
  async #sendRest(block: SizedBlock): Promise<GcsText> {
    const { bytes, end, isLast } = block;
    const total = isLast ? String(end) : '*';
    if (this.#uncertain) {
      const state = await this.#put(Buffer.alloc(0), { 'content-range': `bytes */${total}` });
      this.#uncertain = false;
      if (state.status !== RESUME_INCOMPLETE) return state;
      this.#offset = this.#keptOf(state, block);
      if (this.#offset === end) return state;
    }
    const body = bytes.subarray(bytes.length - (end - this.#offset));
    const range = `bytes ${this.#offset}-${end - 1}/${total}`;
    const hash = isLast ? { 'x-goog-hash': `crc32c=${this.#checksum.toString()}` } : {};
    this.#uncertain = true;
    const answer = await this.#put(body, { ...hash, 'content-range': range });
    this.#uncertain = false;
    return answer;
  }

  async #put(body: Buffer, headers: NonNullable<GcsRequest['headers']>): Promise<GcsText> {
    const { signal } = this.#target;
    try {
      return await this.#client.read({ method: 'PUT', url: this.#url, headers, body, signal });
    } catch (error) {
      if (!(error instanceof GcsRefusal) || (error.status !== 404 && error.status !== 410)) {
        throw error;
      }
      // It is the session that is missing, not the object: the upload must begin anew.
      throw new UploadLost(error);
    }
  }

  /** How many bytes the store has now: perhaps fewer than were sent. */
  #keptOf({ headers }: GcsText, { end }: SizedBlock): number {
    const last = /^bytes=0-(\d+)$/.exec(headers.get('range') ?? '')?.[1];
    const kept = last === undefined ? 0 : Number(last) + 1;
    if (kept >= this.#offset && kept <= end) return kept;
    throw this.#keeps(kept, end);
  }

  #keeps(kept: number, end: number): KnownError {
    return new KnownError(
      'bucket_unavailable',
      `The object store has ${kept} bytes of "${this.#target.key}" after ${end} were sent.`,
    );
  }
}
