import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../scripts/start-redis.ts';
import { ConsumerProcess } from './consumer-process.ts';
import type { JobKind } from './job-kinds.ts';
import type { MemoryCgroup } from './memory-cgroup.ts';
import { type ModelServerProcess, startModelServerProcess } from './model-server.ts';

export interface ConsumerSetup {
  readonly kind: JobKind;
  /** Names its queue and its processing list. */
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  readonly cgroup?: MemoryCgroup | undefined;
}

/** A consumer with the queue that it serves. */
export interface Consumer extends ConsumerSetup {
  readonly process: ConsumerProcess;
}

interface Parts {
  readonly redisServer: LocalRedis;
  readonly models: ModelServerProcess;
  readonly folder: string;
}

const POLL_MS = 20;
/** A job that makes no progress for so long is a failure of the measurement. */
const PATIENCE_MS = 120_000;

/** Everything around consumers: a real Redis, a folder as bucket, and a model server in a process of its own. */
export class Deployment {
  readonly #parts: Parts;
  readonly #redis: Redis;
  readonly #consumers: Consumer[] = [];
  #jobs = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#redis = new Redis(parts.redisServer.port, '127.0.0.1');
  }

  /** Every call to the model server takes `latencyMs`. */
  static async open({ latencyMs = 0 }: { readonly latencyMs?: number } = {}): Promise<Deployment> {
    const deployment = new Deployment({
      redisServer: await startRedis(),
      models: await startModelServerProcess(latencyMs),
      folder: await mkdtemp(join(tmpdir(), 'kiosk-bench-')),
    });
    // A measurement that is broken off leaves no process behind.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void deployment.close().finally(() => process.exit(1)));
    }
    return deployment;
  }

  /** Starts a consumer with the settings that every deployment must give, and those of the setup. */
  async startConsumer(setup: ConsumerSetup): Promise<Consumer> {
    const { redisServer, models, folder } = this.#parts;
    const started = await ConsumerProcess.start({
      cgroup: setup.cgroup,
      ...(setup.nodeOptions && { nodeOptions: setup.nodeOptions }),
      environment: {
        HOSTNAME: setup.name,
        QUEUE: setup.name,
        CONSUMER_TYPE: setup.kind.workflow,
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(redisServer.port),
        TF_HOST: '127.0.0.1',
        TF_PORT: String(models.port),
        STORAGE_BUCKET: pathToFileURL(folder).href,
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
        ...setup.environment,
      },
    });
    const consumer = { ...setup, process: started };
    this.#consumers.push(consumer);
    return consumer;
  }

  async upload(key: string, bytes: Uint8Array): Promise<void> {
    const path = join(this.#parts.folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }

  /** Submits jobs on one file and waits until all are done. Resolves with the seconds that took. */
  async work(consumer: Consumer, count: number, file: string): Promise<number> {
    const keys = Array.from({ length: count }, () => `${consumer.name}:${this.#jobs++}`);
    const batch = this.#redis.pipeline();
    for (const key of keys) {
      const fields = { input_file_name: file, original_name: file, ...consumer.kind.fields };
      batch.hset(key, { status: 'new', created_at: new Date().toISOString(), ...fields });
    }
    batch.lpush(consumer.name, ...keys);
    const start = performance.now();
    await batch.exec();
    await this.#drained(consumer);
    const seconds = (performance.now() - start) / 1000;
    await this.#checkDone(keys);
    await this.#redis.del(...keys);
    await rm(join(this.#parts.folder, 'output'), { recursive: true, force: true });
    return seconds;
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumers.map(({ process }) => process.stop()));
    this.#redis.disconnect();
    await Promise.all([this.#parts.models.close(), this.#parts.redisServer.close()]);
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  /** Waits until no job waits and none is in work. */
  async #drained({ name, process }: Consumer): Promise<void> {
    let left = Infinity;
    let movedAt = performance.now();
    while (left > 0) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      const now =
        (await this.#redis.llen(name)) + (await this.#redis.llen(`processing-${name}:${name}`));
      if (now !== left) movedAt = performance.now();
      left = now;
      const problem =
        process.ended() ??
        (performance.now() - movedAt > PATIENCE_MS ? `Nothing moved: ${process.log}` : undefined);
      if (problem !== undefined) throw new Error(problem);
    }
  }

  async #checkDone(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const [status, reason] = await this.#redis.hmget(key, 'status', 'reason');
      if (status !== 'done') throw new Error(`${key} is ${status}: ${reason}`);
    }
  }
}
