import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buffer } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { fromBufferPromise } from 'yauzl';
import { type LocalRedis, startRedis } from '../../../scripts/start-redis.ts';
import type { ServedModel } from '../../../src/stand-in-server/served-model.ts';
import {
  type LocalModelServer,
  startModelServer,
} from '../../../src/stand-in-server/start-model-server.ts';
import type { OnRequest } from '../../../src/stand-in-server/unary-method.ts';
import { RunningConsumer } from './running-consumer.ts';

interface DeploymentOptions {
  readonly models: readonly ServedModel[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly onRequest?: OnRequest;
  /** The Redis to use; one of its own is started otherwise. */
  readonly redis?: LocalRedis & { readonly client?: Redis };
  /** False: no consumer, before `start` or `startBeside`. */
  readonly consumer?: boolean;
}

interface Started {
  readonly environment: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
}

/** A job's hash. */
export type Hash = Readonly<Record<string, string>>;

/** A consumer as a process, with a real Redis, a real model server and a folder as bucket around it. */
export class Deployment {
  readonly redis: Redis;
  readonly models: LocalModelServer;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly queue: string;
  readonly #redisServer: { close(): Promise<void> };
  #consumer: RunningConsumer | undefined;
  readonly #others: RunningConsumer[] = [];
  #log = '';

  private constructor(parts: {
    redis: Redis;
    redisServer: { port: number; close(): Promise<void> };
    models: LocalModelServer;
    folder: string;
    environment: Readonly<Record<string, string>>;
  }) {
    this.redis = parts.redis;
    this.models = parts.models;
    this.folder = parts.folder;
    this.#redisServer = parts.redisServer;
    this.environment = {
      HOSTNAME: 'pod-1',
      QUEUE: 'image',
      CONSUMER_TYPE: 'image',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(parts.redisServer.port),
      TF_HOST: '127.0.0.1',
      TF_PORT: String(parts.models.port),
      STORAGE_BUCKET: pathToFileURL(parts.folder).href,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      COMPUTE_THREADS: '1',
      EMPTY_QUEUE_TIMEOUT: '1',
      ...parts.environment,
    };
    this.queue = this.environment['QUEUE'] ?? 'image';
  }

  /** Starts everything; the consumer too, unless told otherwise. */
  static async open(options: DeploymentOptions): Promise<Deployment> {
    const { models, environment = {}, onRequest, consumer = true } = options;
    const redisServer = options.redis ?? (await startRedis());
    const redis = options.redis?.client ?? new Redis(redisServer.port, '127.0.0.1');
    // A Redis that goes away is what some tests are about.
    redis.on('error', () => undefined);
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-deployment-'));
    const server = await startModelServer({ models, ...(onRequest && { onRequest }) });
    const deployment = new Deployment({ redis, redisServer, models: server, folder, environment });
    try {
      if (consumer) await deployment.start();
      return deployment;
    } catch (error) {
      await deployment.close();
      throw error;
    }
  }

  /** What the consumer has logged. */
  get log(): string {
    return this.#log;
  }

  /** Starts the consumer and waits until it takes jobs. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#consumer = await this.#started({ environment });
  }

  /** Starts another consumer beside the first, such as that of the children of its jobs. */
  async startBeside(
    environment: Readonly<Record<string, string>>,
    nodeOptions: readonly string[] = [],
  ): Promise<RunningConsumer> {
    const other = await this.#started({ environment, nodeOptions });
    this.#others.push(other);
    return other;
  }

  #started({ environment, nodeOptions = [] }: Started): Promise<RunningConsumer> {
    const hear = (text: string): void => void (this.#log += text);
    return RunningConsumer.start({
      environment: { ...this.environment, ...environment },
      nodeOptions,
      hear,
    });
  }

  /** The consumer that was started last, those beside it not counted. */
  get consumer(): RunningConsumer {
    if (this.#consumer === undefined) throw new Error('No consumer has been started.');
    return this.#consumer;
  }

  /** Sends a signal to the consumer and gives its exit code. */
  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    return this.#consumer === undefined ? null : this.#consumer.signal(name);
  }

  async upload(key: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.folder, key));
  }

  /** HMSET and LPUSH, as the front end does. */
  async submit(key: string, fields: Hash, queue = this.queue): Promise<void> {
    await this.redis.hset(key, { status: 'new', created_at: new Date().toISOString(), ...fields });
    await this.redis.lpush(queue, key);
  }

  /** Waits until a job is done or failed, and the consumer has let go of it. */
  async ended(key: string, patienceMs = 60_000): Promise<Hash> {
    return this.until(async () => {
      const hash = await this.redis.hgetall(key);
      return hash['status'] === 'done' || hash['status'] === 'failed' ? hash : undefined;
    }, patienceMs);
  }

  /** Asks again and again until there is an answer. */
  async until<Answer>(
    ask: () => Promise<Answer | undefined>,
    patienceMs = 60_000,
  ): Promise<Answer> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`Nothing happened for ${patienceMs} ms. The consumer said:\n${this.#log}`);
  }

  /** The entries of the result of a job that is done, in their order. */
  async result(hash: Hash): Promise<Map<string, Uint8Array>> {
    return unzip(await readFile(join(this.folder, hash['output_file_name'] ?? '')));
  }

  /** Keys of the objects that consumers have made. */
  async objects(): Promise<string[]> {
    const options = { recursive: true, withFileTypes: true } as const;
    const found = await readdir(join(this.folder, 'output'), options);
    return found
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => relative(this.folder, join(parentPath, name)))
      .toSorted();
  }

  async close(): Promise<void> {
    await this.signal('SIGTERM');
    for (const other of this.#others) await other.signal('SIGTERM');
    this.models.close();
    this.redis.disconnect();
    await this.#redisServer.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The entries of a zip archive, in their order. */
export async function unzip(bytes: Buffer): Promise<Map<string, Uint8Array>> {
  const zip = await fromBufferPromise(bytes);
  const entries = new Map<string, Uint8Array>();
  for await (const entry of zip.eachEntry()) {
    entries.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return entries;
}

/** A model of tiles of 32 × 32 pixels that gives each value twice as large. */
export const doubling: ServedModel = {
  name: 'Doubling',
  version: 1,
  inputs: [{ name: 'image', type: 'float32', shape: [-1, 32, 32, 1] }],
  outputs: [{ name: 'twice', type: 'float32', shape: [-1, 32, 32, 1] }],
  predict: (inputs) => {
    const { shape = [], data = new Float32Array(0) } = inputs.get('image') ?? {};
    return new Map([['twice', { shape, data: data.map((value) => 2 * value) }]]);
  },
};
