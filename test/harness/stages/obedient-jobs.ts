import assert from 'node:assert/strict';
import type { Hash, Deployment } from '../processes/consumer-process.ts';

/** Uploads a file for each name and submits a job for it, in this order. The result is the keys of the jobs. */
export async function submitFiles(
  deployment: Deployment,
  names: readonly string[],
): Promise<string[]> {
  const keys: string[] = [];
  for (const name of names) {
    await deployment.upload(`uploads/${name}`, Buffer.from(name));
    keys.push(`image:${name}`);
    await deployment.submit(`image:${name}`, { input_file_name: `uploads/${name}` });
  }
  return keys;
}

/** Waits until jobs are done; each must have stored its own file, once, and nothing may be left in any list. */
export async function allDone(
  deployment: Deployment,
  keys: readonly string[],
  patienceMs?: number,
): Promise<Hash[]> {
  const hashes: Hash[] = [];
  for (const key of keys) hashes.push(await doneWithItsBytes(deployment, key, patienceMs));
  const names = hashes.map((hash) => hash['output_file_name'] ?? '');
  assert.equal(new Set(names).size, keys.length);
  assert.deepEqual(await deployment.objects(), names.toSorted(), 'each job has one result');
  await nothingLeft(deployment);
  return hashes;
}

async function doneWithItsBytes(
  deployment: Deployment,
  key: string,
  patienceMs?: number,
): Promise<Hash> {
  const hash = await deployment.ended(key, patienceMs);
  assert.equal(hash['status'], 'done', `${key}: ${hash['reason']}`);
  const [bytes] = (await deployment.result(hash)).values();
  assert.equal(Buffer.from(bytes ?? []).toString(), key.replace(/^image:/, ''));
  return hash;
}

/** Waits until the queue and all processing lists are empty. */
export async function nothingLeft(deployment: Deployment): Promise<void> {
  await deployment.until(async () => (await entries(deployment)).length === 0 || undefined);
}

/** The keys in the queue and in all processing lists. */
export async function entries({ redis, queue }: Deployment): Promise<string[]> {
  const lists = [queue, ...(await redis.keys(`processing-${queue}:*`))];
  return (await Promise.all(lists.map((list) => redis.lrange(list, 0, -1)))).flat();
}
