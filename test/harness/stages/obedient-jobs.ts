import assert from 'node:assert/strict';
import type { Hash, Station } from '../processes/consumer-process.ts';

/** Uploads a file for each name and submits a job for it, in this order. The result is the keys of the jobs. */
export async function submitFiles(station: Station, names: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const name of names) {
    await station.upload(`uploads/${name}`, Buffer.from(name));
    keys.push(`image:${name}`);
    await station.submit(`image:${name}`, { input_file_name: `uploads/${name}` });
  }
  return keys;
}

/** Waits until jobs are done; each must have stored its own file, once, and nothing may be left in any list. */
export async function allDone(
  station: Station,
  keys: readonly string[],
  patienceMs?: number,
): Promise<Hash[]> {
  const hashes: Hash[] = [];
  for (const key of keys) hashes.push(await doneWithItsBytes(station, key, patienceMs));
  const names = hashes.map((hash) => hash['output_file_name'] ?? '');
  assert.equal(new Set(names).size, keys.length);
  assert.deepEqual(await station.objects(), names.toSorted(), 'each job has one result');
  await nothingLeft(station);
  return hashes;
}

async function doneWithItsBytes(station: Station, key: string, patienceMs?: number): Promise<Hash> {
  const hash = await station.ended(key, patienceMs);
  assert.equal(hash['status'], 'done', `${key}: ${hash['reason']}`);
  const [bytes] = (await station.result(hash)).values();
  assert.equal(Buffer.from(bytes ?? []).toString(), key.replace(/^image:/, ''));
  return hash;
}

/** Waits until the queue and all processing lists are empty. */
export async function nothingLeft(station: Station): Promise<void> {
  await station.until(async () => (await entries(station)).length === 0 || undefined);
}

/** The keys in the queue and in all processing lists. */
export async function entries({ redis, queue }: Station): Promise<string[]> {
  const lists = [queue, ...(await redis.keys(`processing-${queue}:*`))];
  return (await Promise.all(lists.map((list) => redis.lrange(list, 0, -1)))).flat();
}
