import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type LocalModelServer,
  startModelServer,
} from '../../src/stand-in-server/start-model-server.ts';
import { doubling } from '../harness/processes/consumer-process.ts';
import { Consumers } from './consumers.ts';
import { RedisPair } from './redis-pair.ts';

/** A model server that can go away and come back at the same address. */
class Models {
  #server: LocalModelServer | undefined;
  #port = 0;

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#server ??= await startModelServer({ models: [doubling], port: this.#port });
    this.#port = this.#server.port;
  }

  stop(): void {
    this.#server?.close();
    this.#server = undefined;
  }
}

export interface Deployment {
  readonly redis: RedisPair;
  readonly models: Models;
  readonly consumers: Consumers;
  /** The bucket. */
  readonly folder: string;
  readonly nextName: () => string;
  close(): Promise<void>;
}

const POOL = 3;

/** Three consumers of the queue `image`, a model server, a folder as bucket, and a pair of Redis servers behind a Sentinel. */
export async function deploy(logs: string): Promise<Deployment> {
  const redis = await RedisPair.start();
  const models = new Models();
  await models.start();
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-chaos-bucket-'));
  const consumers = new Consumers(
    {
      QUEUE: 'image',
      CONSUMER_TYPE: 'image',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(redis.sentinelPort),
      TF_HOST: '127.0.0.1',
      TF_PORT: String(models.port),
      STORAGE_BUCKET: pathToFileURL(folder).href,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      HEALTH_PORT: '0',
      COMPUTE_THREADS: '1',
      JOBS_IN_FLIGHT: '8',
      GRPC_BACKOFF: '0.5',
    },
    logs,
  );
  let named = 0;
  const nextName = (): string => `pod-${++named}`;
  for (let count = 0; count < POOL; count++) consumers.start(nextName());
  return {
    redis,
    models,
    consumers,
    folder,
    nextName,
    async close() {
      await consumers.close();
      models.stop();
      await redis.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
