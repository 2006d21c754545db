import { createHash, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { extname } from 'node:path';
import type { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import type { Bucket, Clock, FieldUpdates } from '../../ports.ts';

/** What a job is about. */
export interface Upload {
  /** What the user calls it. */
  readonly name: string;
  /** The bytes, from the start each time it is called. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** What submitting and fetching use: a bucket and a Redis that are connected, and what all jobs have in common. */
export interface Session {
  readonly bucket: Bucket;
  readonly jobs: RedisJobClient;
  readonly clock: Clock;
  /** Archives go to the queue of the same name with `-zip`. */
  readonly queue: string;
  /** Fields besides those that every job has. */
  readonly fields: FieldUpdates;
  readonly signal: AbortSignal;
  /** Repeats what the network has spoilt. */
  readonly persistently: <Result>(attempt: () => Promise<Result>) => Promise<Result>;
}

/** Fields that the web front end writes for every job, empty where its form was left empty. */
const EMPTY_FIELDS = {
  model_name: '',
  model_version: '',
  preprocess_function: '',
  postprocess_function: '',
  cuts: '0',
  label: '',
  dimension_order: '',
  channels: '',
  scale: '',
};

/** The list that a file goes to: archives have one of their own. */
export function listOf(queue: string, file: string): string {
  return /\.zip$/i.test(file) ? `${queue}-zip` : queue;
}

/**
 * Uploads a file and submits a job for it, as the Kiosk's web front end does: an object, a hash, LPUSH. Gives
 * the key.
 */
export async function submitJob({ name, read }: Upload, session: Session): Promise<string> {
  const { bucket, jobs, clock, fields, signal, persistently } = session;
  const started = clock.now().toISOString();
  const digest = createHash('md5').update(`${name}_${started}_${randomUUID()}`).digest('hex');
  const object = `uploads/${digest}${extname(name).toLowerCase()}`;
  const contentType = 'application/octet-stream';
  const url = await persistently(() => bucket.upload(object, read(), { contentType, signal }));
  const queue = listOf(session.queue, name);
  const key = `${queue}:${name}:${randomUUID()}`;
  const now = clock.now().toISOString();
  const hash = {
    ...EMPTY_FIELDS,
    ...fields,
    original_name: name,
    input_file_name: object,
    url,
    status: 'new',
    created_at: now,
    updated_at: now,
    identity_upload: hostname(),
  };
  await persistently(() => jobs.submit(queue, key, hash));
  return key;
}
