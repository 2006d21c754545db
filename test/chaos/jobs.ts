import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisJobClient } from '../../src/adapters/redis/redis-job-client.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { Deployment } from './deployment.ts';

const IMAGES = 20;

/** Puts different images into the bucket. */
export async function uploadImages({ folder }: Deployment): Promise<void> {
  await mkdir(join(folder, 'uploads'), { recursive: true });
  for (let n = 0; n < IMAGES; n++) {
    const data = Float32Array.from({ length: 40 * 50 }, (_, at) => (at * (n + 1)) % 251);
    await writeFile(join(folder, nameOf(n)), encodeTiff({ shape: [40, 50], data }));
  }
}

/** Submits a job, unless there is one of this number: a client that got no answer asks again. */
export async function submit(client: RedisJobClient, number: number): Promise<void> {
  const key = keyOf(number);
  const fields = {
    status: 'new',
    input_file_name: nameOf(number % IMAGES),
    original_name: `image-${number % IMAGES}.tif`,
    model_name: 'Doubling',
    model_version: '1',
    created_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
  };
  await client.submit('image', key, fields);
}

/** What became of a job: its status, and the checksum of its result. */
export async function resultOf(
  { folder }: Deployment,
  hash: Readonly<Record<string, string>>,
): Promise<string> {
  const bytes = await readFile(join(folder, hash['output_file_name'] ?? ''));
  return createHash('sha256').update(bytes).digest('hex');
}

export function keyOf(number: number): string {
  return `image:image-${number % IMAGES}.tif:${number}`;
}

/** Jobs of the same image must have the same result. */
export function imageOf(number: number): number {
  return number % IMAGES;
}

export const IMAGE_COUNT = IMAGES;

function nameOf(image: number): string {
  return `uploads/image-${image}.tif`;
}
