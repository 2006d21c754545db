/*
 * Jobs at a steady rate on three consumers while something breaks every few seconds; afterwards every job must be done, with the
 * right bytes, and nothing may be left in any list.
 *
 *   npm run chaos -- --seed 1 [--minutes 1] [--rate 20] [--every 5] [--json FILE]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Redis } from 'ioredis';
import { RedisJobClient } from '../../src/adapters/redis/redis-job-client.ts';
import { RedisLink } from '../../src/adapters/redis/redis-link.ts';
import { type Deployment, deploy } from './deployment.ts';
import { FAULTS, FAULT_NAMES } from './faults.ts';
import { IMAGE_COUNT, imageOf, keyOf, resultOf, submit, uploadImages } from './jobs.ts';
import { pick } from './random.ts';
import { seededRandom } from '../../src/seeded-random.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '0.84' },
    rate: { type: 'string', default: '20' },
    every: { type: 'string', default: '5' },
    json: { type: 'string' },
    logs: { type: 'string', default: 'chaos-logs.log' },
  },
});
const random = seededRandom(Number(values.seed));
const total = Math.round(Number(values.minutes) * 60 * Number(values.rate));
const logs = `${values.logs.replace(/\.log$/, '')}.log`;
await mkdir(logs, { recursive: true });

interface Report {
  readonly seed: number;
  readonly jobs: number;
  readonly faults: readonly string[];
  readonly done: number;
  readonly failed: readonly string[];
  readonly unfinished: readonly string[];
  readonly wrongBytes: readonly string[];
  readonly left: Readonly<Record<string, number>>;
  readonly crashes: number;
  readonly secondsToEnd: number;
}

const deployment = await deploy(logs);
const redis = deployment.redis.client();
const jobs = new RedisJobClient(new RedisLink(redis, 'the test'));
try {
  const report = await experiment(deployment, redis);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report));
  process.exitCode = isClean(report) ? 0 : 1;
} finally {
  redis.disconnect();
  await deployment.close();
}
process.exit();

async function experiment(parts: Deployment, client: Redis): Promise<Report> {
  await uploadImages(parts);
  const expected = await calmResults(parts, client);
  const started = performance.now();
  const faults: string[] = [];
  const submitting = submitAll();
  while (performance.now() - started < (total / Number(values.rate)) * 1000) {
    await sleep(Number(values.every) * 1000);
    const name = pick(FAULT_NAMES, random);
    faults.push(name);
    process.stderr.write(`${Math.round((performance.now() - started) / 1000)} s: ${name}\n`);
    await FAULTS[name](parts, random);
  }
  await submitting;
  await parts.models.start();
  const hashes = await untilAllEnded(client);
  return {
    ...(await judge(parts, { hashes, expected })),
    seed: Number(values.seed),
    jobs: total,
    faults,
    left: await leftInLists(client),
    crashes: parts.consumers.crashes,
    secondsToEnd: Math.round((performance.now() - started) / 1000),
  };
}

/** The result of each image while nothing is broken. */
async function calmResults(parts: Deployment, client: Redis): Promise<Map<number, string>> {
  const results = new Map<number, string>();
  for (let image = 0; image < IMAGE_COUNT; image++) await submit(jobs, total + IMAGE_COUNT + image);
  for (let image = 0; image < IMAGE_COUNT; image++) {
    const number = total + IMAGE_COUNT + image;
    const hash = await ended(client, number, 60_000);
    results.set(imageOf(number), await resultOf(parts, hash));
  }
  return results;
}

async function submitAll(): Promise<void> {
  for (let number = 0; number < total; number++) {
    void submit(jobs, number).catch(() => undefined);
    await sleep(1000 / Number(values.rate));
  }
}

type Hash = Readonly<Record<string, string>>;

async function ended(client: Redis, number: number, patienceMs: number): Promise<Hash> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const hash = await client.hgetall(keyOf(number));
    if (hash['status'] === 'done' || hash['status'] === 'failed') return hash;
    if (performance.now() > deadline) return hash;
    // A fail-over may have lost what the client was told: a client that waits for its job submits it again.
    if (hash['status'] === undefined) await submit(jobs, number);
    await sleep(100);
  }
}

async function untilAllEnded(client: Redis): Promise<Map<number, Hash>> {
  const deadline = performance.now() + 180_000;
  const hashes = new Map<number, Hash>();
  for (let number = 0; number < total; number++) {
    const patience = Math.max(0, deadline - performance.now());
    hashes.set(number, await ended(client, number, patience));
  }
  return hashes;
}

async function judge(
  parts: Deployment,
  { hashes, expected }: { hashes: Map<number, Hash>; expected: Map<number, string> },
): Promise<Pick<Report, 'done' | 'failed' | 'unfinished' | 'wrongBytes'>> {
  const failed: string[] = [];
  const unfinished: string[] = [];
  const wrongBytes: string[] = [];
  for (const [number, hash] of hashes) {
    if (hash['status'] === 'failed') failed.push(`${keyOf(number)}: ${hash['reason'] ?? ''}`);
    else if (hash['status'] !== 'done')
      unfinished.push(`${keyOf(number)}: ${JSON.stringify(hash)}`);
    else if ((await resultOf(parts, hash)) !== expected.get(imageOf(number)))
      wrongBytes.push(keyOf(number));
  }
  const done = hashes.size - failed.length - unfinished.length;
  return { done, failed, unfinished, wrongBytes };
}

/** What is still in the lists once they have had time to empty. */
async function leftInLists(client: Redis): Promise<Record<string, number>> {
  let left: Record<string, number> = {};
  for (let attempt = 0; attempt < 90; attempt++) {
    const lists = ['image', ...(await client.keys('processing-*'))];
    const lengths = await Promise.all(
      lists.map(async (list) => [list, await client.llen(list)] as const),
    );
    left = Object.fromEntries(lengths.filter(([, length]) => length > 0));
    if (Object.keys(left).length === 0) return left;
    await sleep(1000);
  }
  return left;
}

function isClean({ failed, unfinished, wrongBytes, left }: Report): boolean {
  return [failed, unfinished, wrongBytes, Object.keys(left)].every(({ length }) => length === 0);
}
