import { randomUUID } from 'node:crypto';
import type { Deployment } from './processes/consumer-process.ts';
import { buildZip } from './images/zip-builder.ts';

const HOST = 'plain-pod';

/** A consumer that writes nothing but the fields of the original, and knows no claims and no families. */
export class PlainWorker {
  readonly #deployment: Deployment;
  readonly #queue: string;

  constructor(deployment: Deployment, queue: string) {
    this.#deployment = deployment;
    this.#queue = queue;
  }

  get list(): string {
    return `processing-${this.#queue}:${HOST}`;
  }

  /** Takes the next job, once there is one. */
  take(): Promise<string> {
    const { redis } = this.#deployment;
    return this.#deployment.until(async () => {
      const key = await redis.rpoplpush(this.#queue, this.list);
      if (key === null) return undefined;
      await redis.hset(key, { ...now(), status: 'started', identity_started: HOST });
      return key;
    });
  }

  /** Stores a result that has one file, and ends the job. The key of the result. */
  async finish(key: string, fileName: string): Promise<string> {
    const output = `output/${randomUUID().replaceAll('-', '')}.zip`;
    await this.#deployment.upload(output, buildZip([{ name: fileName, data: Buffer.from(key) }]));
    await this.#end(key, {
      status: 'done',
      output_url: `https://storage.googleapis.com/bucket/${output}`,
      output_file_name: output,
      upload_time: '0.25',
      total_time: '1.5',
      total_jobs: '1',
    });
    return output;
  }

  async fail(key: string, reason: string): Promise<void> {
    await this.#end(key, { status: 'failed', reason });
  }

  async #end(key: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const { redis } = this.#deployment;
    const at = now();
    await redis.hset(key, { ...at, finished_at: at.updated_at, ...fields });
    await redis.lrem(this.list, 1, key);
  }
}

function now(): Readonly<Record<'updated_at' | 'updated_by', string>> {
  return { updated_at: new Date().toISOString().replace('Z', '+00:00'), updated_by: HOST };
}
