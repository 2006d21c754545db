import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { FolderBucket } from '../../../src/adapters/bucket/folder/folder-bucket.ts';
import type { Bucket, UploadOptions } from '../../../src/ports.ts';

const signal = new AbortController().signal;

/** A bucket in a temporary folder, with short ways to put things there and look at them. */
export class TemporaryBucket {
  readonly bucket: Bucket;
  /** Keys in the order of their uploads through `bucket`, with the content types. */
  readonly uploads: (readonly [key: string, contentType: string])[] = [];
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    const { uploads } = this;
    this.bucket = new (class extends FolderBucket {
      override upload(
        key: string,
        body: AsyncIterable<Uint8Array>,
        options: UploadOptions,
      ): Promise<string> {
        uploads.push([key, options.contentType]);
        return super.upload(key, body, options);
      }
    })(pathToFileURL(folder).href);
  }

  static async open(): Promise<TemporaryBucket> {
    return new TemporaryBucket(await mkdtemp(join(tmpdir(), 'kiosk-bucket-')));
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const body = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    await this.bucket.upload(key, body(), { contentType: '', signal });
    this.uploads.pop();
  }

  async read(key: string): Promise<Buffer> {
    const { body } = await this.bucket.open(key, signal);
    return buffer(body);
  }

  /** All keys, sorted. */
  async keys(): Promise<string[]> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((file) => relative(this.#folder, join(file.parentPath, file.name)))
      .map((path) => path.split(sep).join('/'))
      .toSorted();
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
