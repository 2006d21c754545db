import { type Stats, createWriteStream } from 'node:fs';
import { open, realpath, rename, rm, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { KnownError, classify, messageOf } from '../../../errors.ts';
import type {
  Bucket,
  ByteRange,
  StoredObject,
  StoredRange,
  UploadOptions,
} from '../../../ports.ts';
import { bodyToSend } from '../body-to-send.ts';
import { emptyRange } from '../content-range.ts';
import { makeFolders } from '../../make-folders.ts';
import { removeEmptyFolders, whileFoldersGo } from './empty-folders.ts';
import { explainFolder, unusableRoot } from './folder-error.ts';
import { UNFINISHED, removeAbandoned, unfinishedName } from './unfinished-files.ts';
import { translated } from '../object-error.ts';
import { checkedKey, keyBelow, urlUnder } from '../key.ts';
import { DEFAULT_TIMEOUTS } from '../timeouts.ts';
import { receiveBody } from '../receive-body.ts';
import { abortable } from '../../../abort.ts';

/**
 * A folder as a bucket: `file:///path`. For laptops, tests and single machines. Made when something is first
 * put into it.
 */
export class FolderBucket implements Bucket {
  readonly url: string;
  readonly #root: string;
  readonly #publicUrl: string;

  /** `publicUrl` is the URL under which readers find objects, where a web server serves the folder. */
  constructor(url: string, publicUrl = '') {
    this.url = url;
    this.#publicUrl = publicUrl;
    this.#root = resolve(fileURLToPath(url));
    void removeAbandoned(this.#root);
  }

  async open(key: string, signal: AbortSignal): Promise<StoredObject> {
    const attempted = { key, signal, bucketUrl: this.url };
    return translated(explainFolder, attempted, async () => {
      const path = await this.#realPath(checkedKey(key));
      // Asked before it is opened: to open a pipe would wait for its writer.
      if (!(await stat(path)).isFile()) throw missing(key);
      const file = await open(path);
      const found = await file.stat();
      const { size } = found;
      const body = receiveBody(file.createReadStream(), {
        ...attempted,
        size,
        timeouts: DEFAULT_TIMEOUTS,
        explain: explainFolder,
      });
      return { size, version: versionOf(found), body };
    });
  }

  async openRange(key: string, range: ByteRange, signal: AbortSignal): Promise<StoredRange> {
    const attempted = { key, signal, bucketUrl: this.url };
    return translated(explainFolder, attempted, async () => {
      const path = await this.#realPath(checkedKey(key));
      if (!(await stat(path)).isFile()) throw missing(key);
      const file = await open(path);
      const found = await file.stat();
      const total = found.size;
      const [start, end] = [range.start, Math.min(range.end, total)];
      if (start >= end) {
        await file.close();
        return emptyRange(key, range);
      }
      const body = receiveBody(file.createReadStream({ start, end: end - 1 }), {
        ...attempted,
        size: end - start,
        timeouts: DEFAULT_TIMEOUTS,
        explain: explainFolder,
      });
      return { total, version: versionOf(found), body };
    });
  }

  /** Written elsewhere and then moved to its place, so that nobody sees half of it. */
  async upload(
    key: string,
    body: AsyncIterable<Uint8Array>,
    { signal }: UploadOptions,
  ): Promise<string> {
    const name = basename(checkedKey(key));
    await translated(explainFolder, { key, signal, bucketUrl: this.url }, async () => {
      const beside = async () => this.#unfinishedFolder(await this.#createFolder(key));
      const unfinished = join(await whileFoldersGo(beside), unfinishedName());
      try {
        const target = createWriteStream(unfinished);
        await abortable(
          signal,
          pipeline(Readable.from(bodyToSend(body), { objectMode: false }), target, { signal }),
        );
        await whileFoldersGo(async () =>
          rename(unfinished, join(await this.#createFolder(key), name)),
        );
      } finally {
        await rm(unfinished, { force: true });
      }
    });
    return this.publicUrl(key);
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const name = basename(checkedKey(key));
    try {
      await translated(explainFolder, { key, signal, bucketUrl: this.url }, async () => {
        const folder = await this.#realPath(dirname(checkedKey(key)));
        try {
          await unlink(join(folder, name));
        } finally {
          // A process that was killed may have removed the object alone.
          await removeEmptyFolders(folder, await realpath(this.#root));
        }
      });
    } catch (error) {
      if (classify(error).code !== 'missing_object') throw error;
    }
  }

  publicUrl(key: string): string {
    if (this.#publicUrl !== '') return urlUnder(this.#publicUrl, key);
    return pathToFileURL(join(this.#root, checkedKey(key))).href;
  }

  keyOf(keyOrUrl: string): string {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(keyOrUrl)) return checkedKey(keyOrUrl);
    const below = keyBelow(this.#publicUrl, keyOrUrl);
    if (below !== undefined) return checkedKey(below);
    const path = pathIn(keyOrUrl);
    if (path?.startsWith(this.#root + sep)) {
      return checkedKey(relative(this.#root, path).split(sep).join('/'));
    }
    throw new KnownError('forbidden_object', `"${keyOrUrl}" is not in the bucket ${this.url}.`);
  }

  async close(): Promise<void> {}

  /** One on the same device, since a file cannot be moved to another. */
  async #unfinishedFolder(target: string): Promise<string> {
    const folder = join(this.#root, UNFINISHED);
    await makeFolders(folder);
    const [own, other] = await Promise.all([stat(folder), stat(target)]);
    return own.dev === other.dev ? folder : target;
  }

  async #createRoot(): Promise<string> {
    try {
      await whileFoldersGo(() => makeFolders(this.#root));
      if ((await stat(this.#root)).isDirectory()) return await realpath(this.#root);
    } catch (error) {
      throw unusableRoot(messageOf(error), { error, url: this.url });
    }
    throw unusableRoot('a file has this name', { url: this.url });
  }

  /** Makes the folder that a key is in, step by step: a link on the way may lead out of the bucket. */
  async #createFolder(key: string): Promise<string> {
    const root = await this.#createRoot();
    let folder = root;
    for (const step of checkedKey(key).split('/').slice(0, -1)) {
      folder = join(folder, step);
      await makeFolders(folder);
      folder = within(root, await realpath(folder), key);
    }
    return folder;
  }

  /** Where a path of the bucket really is, after all links; refused if that is outside. */
  async #realPath(path: string): Promise<string> {
    const [root, real] = await Promise.all([
      realpath(this.#root),
      realpath(join(this.#root, path)),
    ]);
    return within(root, real, path);
  }
}

/** Differs once a file was written anew, or another was moved to its place. */
function versionOf({ ino, mtimeMs, size }: Stats): string {
  return `${ino}-${mtimeMs}-${size}`;
}

function within(root: string, path: string, key: string): string {
  if (path === root || path.startsWith(root + sep)) return path;
  throw new KnownError('forbidden_object', `"${key}" lies outside of the bucket.`);
}

function missing(key: string): KnownError {
  return new KnownError('missing_object', `The bucket holds no "${key}".`);
}

/** The path of a file URL, if it is one that this machine can have. */
function pathIn(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}
