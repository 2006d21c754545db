import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { startRedis } from '../../../scripts/start-redis.ts';
import { startModelServer } from '../../../src/stand-in-server/start-model-server.ts';
import type { Kind } from './kinds.ts';
import { type Environment, Pods } from './pods.ts';

/** Children that have ended stay that long: a leftover is seen soon. */
const EXPIRE_SECONDS = 1;
/** More than a lease and the look-around of a peer. */
const PATIENCE_MS = 60_000;

/** What became of a job, and what it left behind. */
export interface Verdict {
  readonly status: string;
  /** Checksum of the result, or the reason why there is none. */
  readonly result: string;
  readonly ms: number;
  /** Keys, and objects other than the result, that should be gone. */
  readonly left: readonly string[];
}

interface Ground {
  readonly kinds: readonly Kind[];
  /** The pods that serve all these kinds. */
  readonly pods: readonly Environment[];
}

/** A Redis, a model server, a folder as bucket, and pods, for one kind of job at a time. */
export class Range {
  readonly pods: Pods;
  readonly #kind: Kind;
  /** The cache of what models take: keys that stay. */
  readonly #modelKeys: readonly string[];
  readonly #redis: Redis;
  readonly #folder: string;
  readonly #close: () => Promise<void>;
  #jobs = 0;

  private constructor(parts: {
    kind: Kind;
    modelKeys: readonly string[];
    pods: Pods;
    redis: Redis;
    folder: string;
    close: () => Promise<void>;
  }) {
    this.#kind = parts.kind;
    this.#modelKeys = parts.modelKeys;
    this.pods = parts.pods;
    this.#redis = parts.redis;
    this.#folder = parts.folder;
    this.#close = parts.close;
  }

  /** Opens one for a kind of job, with pods for it alone. */
  static async open(kind: Kind): Promise<Range> {
    const [range] = await Range.openTogether({ kinds: [kind], pods: kind.pods });
    if (range === undefined) throw new Error('There is no range.');
    return range;
  }

  /** Opens one for each kind of job, all with the same pods and the same stores. To close one closes all. */
  static async openTogether({ kinds, pods: environments }: Ground): Promise<readonly Range[]> {
    const served = [...new Set(kinds.flatMap(({ models }) => models))];
    const server = await startRedis();
    const models = await startModelServer({ models: served });
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-parents-'));
    const redis = new Redis(server.port, '127.0.0.1');
    const pods = new Pods({
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(server.port),
      TF_HOST: '127.0.0.1',
      TF_PORT: String(models.port),
      STORAGE_BUCKET: pathToFileURL(folder).href,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      COMPUTE_THREADS: '1',
      EXPIRE_TIME: String(EXPIRE_SECONDS),
    });
    const close = async (): Promise<void> => {
      await pods.close();
      redis.disconnect();
      models.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    };
    await mkdir(join(folder, 'uploads'));
    for (const { file } of kinds) await writeFile(join(folder, 'uploads', file.name), file.bytes);
    await Promise.all(environments.map((environment) => pods.start(environment)));
    const modelKeys = served.map(({ name, version }) => `${name}:${version}`);
    return kinds.map((kind) => new Range({ kind, modelKeys, pods, redis, folder, close }));
  }

  /** Runs one job, whatever `disturb` does meanwhile, and looks what is left. */
  async run(disturb: () => Promise<void> = () => Promise.resolve()): Promise<Verdict> {
    const key = `${this.#kind.queue}:${this.#kind.file.name}:${++this.#jobs}`;
    const began = performance.now();
    await this.#submit(key);
    const [hash] = await Promise.all([this.#ended(key), disturb()]);
    const ms = Math.round(performance.now() - began);
    const fileName = hash['output_file_name'] ?? '';
    const left = await this.#leftovers(key, fileName);
    const result = await readFile(join(this.#folder, fileName)).then(
      (bytes) => createHash('sha256').update(bytes).digest('hex'),
      () => hash['reason'] ?? `no result; the hash says ${JSON.stringify(hash)}`,
    );
    await this.#redis.del(key);
    await rm(join(this.#folder, fileName || 'none'), { force: true });
    return { status: hash['status'] ?? '', result, ms, left };
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #submit(key: string): Promise<void> {
    const { file, fields, queue } = this.#kind;
    const created = new Date().toISOString();
    await this.#redis.hset(key, {
      status: 'new',
      input_file_name: `uploads/${file.name}`,
      original_name: file.name,
      created_at: created,
      updated_at: created,
      ...fields,
    });
    await this.#redis.lpush(queue, key);
  }

  async #ended(key: string): Promise<Readonly<Record<string, string>>> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const hash = await this.#redis.hgetall(key);
      if (['done', 'failed'].includes(hash['status'] ?? '')) return hash;
      if (performance.now() > deadline) return hash;
      await sleep(10);
    }
  }

  /** What is still there once everything has had time to go. */
  async #leftovers(key: string, fileName: string): Promise<string[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const left = [...(await this.#strayKeys(key)), ...(await this.#strayObjects(fileName))];
      if (left.length === 0 || performance.now() > deadline) return left;
      await sleep(50);
    }
  }

  /** Keys besides the job, what living pods have registered, and the cache of what models take. */
  async #strayKeys(key: string): Promise<string[]> {
    const registered = /^kiosk:(leases|consumers|hosts):/;
    const found = await this.#redis.keys('*');
    const mayStay = (one: string): boolean => registered.test(one) || this.#modelKeys.includes(one);
    return found.filter((one) => one !== key && !mayStay(one));
  }

  async #strayObjects(fileName: string): Promise<string[]> {
    const found = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => relative(this.#folder, join(parentPath, name)))
      .filter((name) => name !== fileName && !name.startsWith('uploads/'));
  }
}
