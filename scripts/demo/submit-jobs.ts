import { createHash, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Redis } from 'ioredis';
import type { Sample } from './samples.ts';

/** A job in Redis, and the file that it is about. */
export interface Submitted {
  readonly key: string;
  readonly sample: Sample;
}

/** Uploads files and submits a job for each, as the Kiosk's web front end does: an object, a hash, LPUSH. */
export async function submitJobs(
  samples: readonly Sample[],
  { redisPort, folder }: { readonly redisPort: number; readonly folder: string },
): Promise<Submitted[]> {
  const redis = new Redis(redisPort, '127.0.0.1');
  const jobs: Submitted[] = [];
  for (const sample of samples) {
    const { name } = sample;
    const uploaded = `uploads/${createHash('md5').update(name).digest('hex')}${extname(name)}`;
    const path = join(folder, 'bucket', uploaded);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, sample.bytes);
    const key = `segmentation:${name}:${randomUUID()}`;
    const now = new Date().toISOString();
    await redis.hset(key, {
      original_name: name,
      input_file_name: uploaded,
      url: '',
      status: 'new',
      created_at: now,
      updated_at: now,
      identity_upload: 'demo',
      channels: '0,',
      dimension_order: '',
      scale: '',
    });
    await redis.lpush('segmentation', key);
    jobs.push({ key, sample });
  }
  redis.disconnect();
  return jobs;
}
