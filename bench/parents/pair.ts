import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../scripts/start-redis.ts';
import { closeOnSignals } from '../harness/close-on-signals.ts';
import { ConsumerProcess } from '../harness/consumer-process.ts';
import { type ModelServerProcess, startModelServerProcess } from '../harness/model-server.ts';
import { UsageWatch } from '../harness/process-usage.ts';
import type { ArchivePlan } from './archives.ts';
import { RedisCalls } from './redis-calls.ts';
import type { Measurement } from './row.ts';

const POLL_MS = 5;
/** A job that makes no progress for so long is a failure of the measurement. */
const PATIENCE_MS = 120_000;

interface Parts {
  readonly redisServer: LocalRedis;
  readonly models: ModelServerProcess;
  readonly folder: string;
}

type Hash = Readonly<Record<string, string>>;

/** A consumer of archives and one of their images, with everything around them. */
export class Pair {
  readonly #parts: Parts;
  readonly #redis: Redis;
  #consumers: readonly ConsumerProcess[] = [];
  readonly #stopListening = closeOnSignals(() => this.close());
  #jobs = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#redis = new Redis(parts.redisServer.port, '127.0.0.1');
  }

  static async open(): Promise<Pair> {
    return new Pair({
      redisServer: await startRedis(),
      models: await startModelServerProcess(),
      folder: await mkdtemp(join(tmpdir(), 'kiosk-bench-')),
    });
  }

  /** Stores the archive, and starts consumers for it. */
  async upload({ archive, model }: ArchivePlan): Promise<void> {
    await mkdir(join(this.#parts.folder, 'uploads'));
    await pipeline(archive(), createWriteStream(join(this.#parts.folder, 'uploads', 'a.zip')));
    const start = (type: string): Promise<ConsumerProcess> =>
      ConsumerProcess.start({ environment: this.#environment(type, model) });
    this.#consumers = [await start('zip'), await start('segmentation')];
  }

  async run({ members }: ArchivePlan): Promise<Measurement> {
    const key = `segmentation-zip:a.zip:${++this.#jobs}`;
    const calls = await RedisCalls.open(this.#parts.redisServer.port);
    const [parent, child] = this.#consumers.map(({ pid }) => new UsageWatch(pid));
    const began = performance.now();
    await this.#submit(key);
    const hash = await this.#ended(key);
    const seconds = (performance.now() - began) / 1000;
    const [own, images] = [parent?.stop(), child?.stop()];
    const redisCalls = calls.stop() / members;
    const { joinMs, claimedAt } = await this.#join(key);
    await this.#check(hash, members);
    return {
      members,
      seconds,
      waitMs: claimedAt - (await this.#lastChildEnd(hash)),
      joinMs,
      parentCpuMs: (1000 * (own?.cpuSeconds ?? 0)) / members,
      childCpuMs: (1000 * (images?.cpuSeconds ?? 0)) / members,
      parentPeakMiB: own?.peakMiB ?? 0,
      childPeakMiB: images?.peakMiB ?? 0,
      redisCalls,
    };
  }

  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    this.#redis.disconnect();
    await Promise.all([this.#parts.models.close(), this.#parts.redisServer.close()]);
    await rm(this.#parts.folder, { recursive: true, force: true });
  }

  #environment(type: string, model: string): Hash {
    const { redisServer, models, folder } = this.#parts;
    return {
      HOSTNAME: `bench-${type}`,
      QUEUE: 'segmentation',
      CONSUMER_TYPE: type,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(redisServer.port),
      TF_HOST: '127.0.0.1',
      TF_PORT: String(models.port),
      STORAGE_BUCKET: pathToFileURL(folder).href,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      NUCLEAR_MODEL: model,
    };
  }

  async #submit(key: string): Promise<void> {
    const fields = { channels: '0,', dimension_order: 'XY', created_at: new Date().toISOString() };
    const file = { input_file_name: 'uploads/a.zip', original_name: 'a.zip' };
    await this.#redis.hset(key, { status: 'new', ...file, ...fields });
    await this.#redis.lpush('segmentation-zip', key);
  }

  async #ended(key: string): Promise<Hash> {
    let [progress, movedAt] = ['', performance.now()];
    for (;;) {
      const [status, now = ''] = await this.#redis.hmget(key, 'status', 'children:done');
      if (status === 'done' || status === 'failed') return this.#redis.hgetall(key);
      if (now !== null && now !== progress) [progress, movedAt] = [now, performance.now()];
      const problem = this.#consumers.map((consumer) => consumer.ended()).find(Boolean);
      if (problem !== undefined) throw new Error(problem);
      if (performance.now() - movedAt > PATIENCE_MS)
        throw new Error(`${key} does not get on: ${this.#consumers.map(({ log }) => log).join()}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async #check(hash: Hash, members: number): Promise<void> {
    if (hash['status'] === 'done' && hash['children:done'] === String(members)) return;
    throw new Error(`The job did not succeed: ${JSON.stringify(hash)}`);
  }

  /** When the last child says that it ended. */
  async #lastChildEnd(hash: Hash): Promise<number> {
    let last = 0;
    for (const child of hash['children']?.split(',') ?? []) {
      last = Math.max(last, Date.parse((await this.#redis.hget(child, 'finished_at')) ?? ''));
    }
    return last;
  }

  /** When the parent was claimed for its join, and how long that took, as the consumer logs it. */
  async #join(key: string): Promise<{ readonly joinMs: number; readonly claimedAt: number }> {
    for (;;) {
      const lines = this.#consumers[0]?.log.split('\n') ?? [];
      const done = lines.find((line) => line.includes(key) && line.includes('"outcome":"done"'));
      if (done !== undefined) {
        const joinMs = Number(/"ms":(\d+)/.exec(done)?.[1]);
        return { joinMs, claimedAt: Date.parse(/"time":"([^"]+)/.exec(done)?.[1] ?? '') - joinMs };
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
