import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../scripts/start-redis.ts';
import { closeOnSignals } from './close-on-signals.ts';
import { ConsumerProcess } from './consumer-process.ts';
import type { JobKind } from './job-kinds.ts';
import type { MemoryCgroup } from './memory-cgroup.ts';
import { type ModelServerProcess, startModelServerProcess } from './model-server.ts';
import { type Store, openFolderStore } from './store.ts';

export interface ConsumerSetup {
  readonly kind: JobKind;
  /** Names its processing list. */
  readonly name: string;
  /** Named after the consumer if absent. */
  readonly queue?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  readonly cgroup?: MemoryCgroup | undefined;
  /** That of another checkout, to compare the two. */
  readonly main?: string;
}

/** A consumer with the queue that it serves. */
export interface Consumer extends ConsumerSetup {
  readonly process: ConsumerProcess;
}

interface Parts {
  readonly redisServer: LocalRedis;
  readonly models: ModelServerProcess;
  readonly store: Store;
}

interface DeploymentOptions {
  /** Time that every call to the model server takes. */
  readonly latencyMs?: number;
  readonly openStore?: () => Promise<Store>;
}

/** Jobs on one file, and how they must end. */
export interface Work {
  readonly file: string;
  readonly count: number;
  readonly status?: 'done' | 'failed';
  /** What each of them must store. */
  readonly archive?: Uint8Array;
}

const POLL_MS = 20;
/** A job that makes no progress for so long is a failure of the measurement. */
const PATIENCE_MS = 120_000;

/** Everything around consumers: a real Redis, a store, and a model server in a process of its own. */
export class Deployment {
  readonly #parts: Parts;
  readonly #redis: Redis;
  readonly #consumers: Consumer[] = [];
  readonly #stopListening = closeOnSignals(() => this.close());
  #jobs = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#redis = new Redis(parts.redisServer.port, '127.0.0.1');
  }

  static async open(options: DeploymentOptions = {}): Promise<Deployment> {
    const { latencyMs = 0, openStore = openFolderStore } = options;
    return new Deployment({
      redisServer: await startRedis(),
      models: await startModelServerProcess(latencyMs),
      store: await openStore(),
    });
  }

  /** Starts a consumer with the settings that every deployment must give, and those of the setup. */
  async startConsumer(setup: ConsumerSetup): Promise<Consumer> {
    const { redisServer, models, store } = this.#parts;
    const started = await ConsumerProcess.start({
      cgroup: setup.cgroup,
      main: setup.main,
      ...(setup.nodeOptions && { nodeOptions: setup.nodeOptions }),
      environment: {
        HOSTNAME: setup.name,
        QUEUE: setup.queue ?? setup.name,
        CONSUMER_TYPE: setup.kind.workflow,
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(redisServer.port),
        TF_HOST: '127.0.0.1',
        TF_PORT: String(models.port),
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
        ...store.environment,
        ...setup.environment,
      },
    });
    const consumer = { ...setup, process: started };
    this.#consumers.push(consumer);
    return consumer;
  }

  /** Starts several consumers of one queue, named after it. */
  async startConsumers(kind: JobKind, queue: string, count: number): Promise<Consumer[]> {
    const consumers: Consumer[] = [];
    for (let index = 0; index < count; index++) {
      consumers.push(await this.startConsumer({ kind, queue, name: `${queue}-${index}` }));
    }
    return consumers;
  }

  async stopConsumer(consumer: Consumer): Promise<void> {
    await consumer.process.stop();
    this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
  }

  get modelPort(): number {
    return this.#parts.models.port;
  }

  get redisPort(): number {
    return this.#parts.redisServer.port;
  }

  async upload(key: string, bytes: Uint8Array): Promise<void> {
    await this.#parts.store.upload(key, bytes);
  }

  /** Submits jobs on one file and waits until all are done. Resolves with the seconds that took. */
  async work(consumer: Consumer, count: number, file: string): Promise<number> {
    return this.workWith([consumer], { count, file });
  }

  /** The same by several consumers of one queue. */
  async workWith(consumers: readonly Consumer[], work: Work): Promise<number> {
    const [first] = consumers;
    if (first === undefined) throw new Error('Nobody is there to work.');
    const keys = Array.from({ length: work.count }, () => `${first.name}:${this.#jobs++}`);
    const batch = this.#redis.pipeline();
    for (const key of keys) {
      const fields = { input_file_name: work.file, original_name: work.file, ...first.kind.fields };
      batch.hset(key, { status: 'new', created_at: new Date().toISOString(), ...fields });
    }
    batch.lpush(first.queue ?? first.name, ...keys);
    const start = performance.now();
    await batch.exec();
    await this.#drained(consumers);
    const seconds = (performance.now() - start) / 1000;
    for (const key of keys) await this.#check(key, work);
    await this.#redis.del(...keys);
    await this.#parts.store.clearOutputs();
    return seconds;
  }

  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all(this.#consumers.map(({ process }) => process.stop()));
    this.#redis.disconnect();
    await Promise.all([this.#parts.models.close(), this.#parts.redisServer.close()]);
    await this.#parts.store.close();
  }

  /** Waits until no job waits and none is in work. */
  async #drained(consumers: readonly Consumer[]): Promise<void> {
    let left = Infinity;
    let movedAt = performance.now();
    while (left > 0) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      const lists = consumers.map(({ name, queue = name }) => `processing-${queue}:${name}`);
      const queues = new Set(consumers.map(({ name, queue = name }) => queue));
      const lengths = [...queues, ...lists].map((list) => this.#redis.llen(list));
      const now = (await Promise.all(lengths)).reduce((sum, length) => sum + length, 0);
      if (now !== left) movedAt = performance.now();
      left = now;
      const ended = consumers.map(({ process }) => process.ended()).find(Boolean);
      const still = performance.now() - movedAt > PATIENCE_MS;
      const log = consumers.map(({ process }) => process.log).join('\n');
      const problem = ended ?? (still ? `Nothing moved: ${log}` : undefined);
      if (problem !== undefined) throw new Error(problem);
    }
  }

  async #check(key: string, { status: expected = 'done', archive }: Work): Promise<void> {
    const fields = await this.#redis.hmget(key, 'status', 'reason', 'output_file_name');
    const [status, reason, output] = fields;
    if (status !== expected) throw new Error(`${key} is ${status}: ${reason}`);
    if (archive === undefined) return;
    const stored = await this.#parts.store.read(output ?? '');
    if (Buffer.compare(stored, archive) !== 0)
      throw new Error(`${key} stored another result than the single image gives.`);
  }
}
