import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { FolderBucket } from '../../src/adapters/bucket/folder/folder-bucket.ts';
import { RedisJobClient } from '../../src/adapters/redis/redis-job-client.ts';
import { RedisLink } from '../../src/adapters/redis/redis-link.ts';
import { systemClock as clock } from '../../src/adapters/system-clock.ts';
import { submitJob } from '../../src/commands/submit/submit-job.ts';
import type { Sample } from './samples.ts';

/** A job in Redis, and the file that it is about. */
export interface Submitted {
  readonly key: string;
  readonly sample: Sample;
}

interface Surroundings {
  readonly redisPort: number;
  readonly folder: string;
  readonly queue: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Uploads files and submits a job for each, as the command `submit` does. */
export async function submitJobs(
  samples: readonly Sample[],
  { redisPort, folder, queue, fields }: Surroundings,
): Promise<Submitted[]> {
  const address = `127.0.0.1:${redisPort}`;
  const jobs = new RedisJobClient(new RedisLink(new Redis(redisPort, '127.0.0.1'), address));
  const session = {
    bucket: new FolderBucket(pathToFileURL(join(folder, 'bucket')).href),
    jobs,
    clock,
    queue,
    fields,
    signal: new AbortController().signal,
    persistently: <Result>(attempt: () => Promise<Result>): Promise<Result> => attempt(),
  };
  const submitted: Submitted[] = [];
  for (const sample of samples) {
    const key = await submitJob({ name: sample.name, read: () => bytesOf(sample) }, session);
    submitted.push({ key, sample });
  }
  jobs.close();
  return submitted;
}

async function* bytesOf({ bytes }: Sample): AsyncGenerator<Uint8Array> {
  yield bytes;
}
