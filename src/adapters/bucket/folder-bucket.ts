import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KnownError, classify } from '../../errors.ts';
import { unlessAborted } from './unless-aborted.ts';
import type { Bucket, StoredObject, UploadOptions } from '../../ports.ts';
import { checkedKey } from './key.ts';

/** A folder as a bucket: `file:///path`. For laptops, tests and single machines. */
export class FolderBucket implements Bucket {
  readonly url: string;
  readonly #root: string;

  constructor(url: string) {
    this.url = url;
    this.#root = resolve(fileURLToPath(url));
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    return this.#mapping(key, async () => {
      const path = await this.#inside(key);
      const file = await open(path);
      const { size } = await file.stat();
      return { size, body: createReadStream('', { fd: file, signal }) };
    });
  }

  /** Written beside its place and then moved there, so that nobody sees half of it. */
  async upload(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { signal }: UploadOptions,
  ): Promise<string> {
    const path = this.#pathOf(key);
    const unfinished = join(dirname(path), `.${randomUUID()}.part`);
    return this.#mapping(key, async () => {
      try {
        await mkdir(dirname(path), { recursive: true });
        await this.#inside(dirname(key));
        await unlessAborted(
          signal,
          pipeline(Readable.from(body), createWriteStream(unfinished), { signal }),
        );
        await rename(unfinished, path);
      } finally {
        await rm(unfinished, { force: true });
      }
      return this.publicUrl(key);
    });
  }

  async remove(key: string): Promise<void> {
    await this.#mapping(key, () => rm(this.#pathOf(key), { force: true }));
  }

  publicUrl(key: string): string {
    return pathToFileURL(this.#pathOf(key)).href;
  }

  keyOf(keyOrUrl: string): string {
    if (!keyOrUrl.startsWith('file://')) return checkedKey(keyOrUrl);
    return checkedKey(relative(this.#root, fileURLToPath(keyOrUrl)).split(sep).join('/'));
  }

  async close(): Promise<void> {}

  #pathOf(key: string): string {
    return join(this.#root, checkedKey(key));
  }

  /** The real path of a key; a link that leads out of the folder is refused. */
  async #inside(key: string): Promise<string> {
    const [root, path] = await Promise.all([realpath(this.#root), realpath(this.#pathOf(key))]);
    if (path !== root && !path.startsWith(root + sep)) {
      throw new KnownError('forbidden_object', `"${key}" lies outside of the bucket.`);
    }
    return path;
  }

  async #mapping<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw translate(error, key);
    }
  }
}

function translate(error: unknown, key: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new KnownError('missing_object', `The bucket holds no "${key}".`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR') {
    return new KnownError('forbidden_object', `"${key}" cannot be read or written here.`, {
      cause: error,
    });
  }
  if (code === 'ENOSPC' || code === 'EMFILE' || code === 'EIO' || code === 'EROFS') {
    return new KnownError('bucket_unavailable', `The folder cannot be used now: ${code}.`, {
      cause: error,
    });
  }
  return error instanceof Error && error.name === 'AbortError' && error.cause
    ? classify(error.cause)
    : error;
}
