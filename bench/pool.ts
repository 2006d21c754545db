import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { ThreadPool } from '../src/adapters/compute/thread-pool.ts';
import { sharedFloat32 } from '../src/imaging/array.ts';
import type { PoolKernels } from './pool/kernels.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const NEVER = new AbortController().signal;
const CALLS = 2000;
const ROUNDS = 5;
const AT_ONCE = 20;
const SATURATED_CALLS = 400;

/**
 * Measures what the compute pool adds to a kernel, and what the event loop and the memory of the process do while all
 * threads are busy.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'string' } } });
  const kernelsUrl = new URL('pool/kernels.ts', import.meta.url);
  const pool = new ThreadPool<PoolKernels>({ kernelsUrl, threads: availableParallelism() });
  const image = sharedFloat32(1024 * 1024);
  const tiny = sharedFloat32(16);
  const rows: Row[] = [
    { name: 'a call with 64 bytes', value: await callCost(pool, tiny, 1), unit: 'µs' },
    {
      name: `${AT_ONCE} calls at once, each`,
      value: await callCost(pool, tiny, AT_ONCE),
      unit: 'µs',
    },
    { name: 'a call with 4 MiB', value: await callCost(pool, image, 1), unit: 'µs' },
    ...(await saturate(pool, image)),
  ];
  await pool.close();
  for (const { name, value, unit } of rows) {
    console.log(`${name.padEnd(48)}${value.toFixed(1).padStart(10)} ${unit}`);
  }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
}

/** Microseconds for each call of a kernel that does nothing: the best of a few rounds. */
async function callCost(
  pool: ThreadPool<PoolKernels>,
  image: Float32Array,
  atOnce: number,
): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let calls = 0; calls < CALLS; calls += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, () => pool.run('pass', image, NEVER)));
    }
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1000) / CALLS;
}

async function saturate(pool: ThreadPool<PoolKernels>, image: Float32Array): Promise<Row[]> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let left = SATURATED_CALLS;
  let mostMemory = 0;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      await pool.run('work', image, NEVER);
      mostMemory = Math.max(mostMemory, process.memoryUsage.rss());
    }
  };
  await Promise.all(Array.from({ length: 4 * pool.load().threads }, caller));
  delay.disable();
  return [
    {
      name: 'event loop delay, all threads busy, median',
      value: delay.percentile(50) / 1e6,
      unit: 'ms',
    },
    {
      name: 'event loop delay, all threads busy, p99',
      value: delay.percentile(99) / 1e6,
      unit: 'ms',
    },
    {
      name: `memory while ${(SATURATED_CALLS * image.byteLength) / 2 ** 20} MiB of results pass`,
      value: mostMemory / 2 ** 20,
      unit: 'MiB',
    },
  ];
}
