import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeImage } from '../src/formats/decode-image.ts';
import { bombs } from '../test/formats/bombs/bombs.ts';
import { costlyFiles } from '../test/formats/bombs/costly-files.ts';
import { measure } from '../test/formats/bombs/measure.ts';

const REFERENCE = fileURLToPath(new URL('formats/reference.py', import.meta.url));
const ROUNDS = 9;
const LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 0, maxFrames: 0 };

setFlagsFromString('--expose-gc');
/** Python frees an image at once: both sides are to find the same pages of memory free. */
const collectGarbage = runInNewContext('gc') as () => void;

interface Row {
  readonly name: string;
  /** Milliseconds of CPU on one thread: medians of rounds, in which both sides take turns. */
  readonly ms: number;
  readonly reference_ms: number;
  readonly ratio: number;
}

/**
 * Reads images of 2048 × 2048 pixels, and has Pillow read them in the same run, into float32. `--bombs`: small files that
 * ask for much, and the costliest that are read, each in a process of its own. `--json FILE` writes the rows.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'string' }, bombs: { type: 'boolean', default: false } },
  });
  if (values.bombs) return timeBombs(values.json);
  const folder = await mkdtemp(join(tmpdir(), 'bench-formats-'));
  try {
    const rows = await compare(folder);
    for (const { name, ms, reference_ms, ratio } of rows) {
      const columns = [ms, reference_ms, ratio].map((value) => value.toFixed(1).padStart(12));
      console.log(name.padEnd(26) + columns.join(''));
    }
    if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds of CPU and MiB of memory of each file, and how it ended. */
async function timeBombs(json: string | undefined): Promise<void> {
  const rows = [];
  for (const { name, bytes } of [...bombs(), ...costlyFiles()]) {
    const cost = await measure({ name, bytes });
    rows.push({ name, fileBytes: bytes.length, ...cost });
    const numbers = [bytes.length, cost.ms, cost.bytes / 2 ** 20];
    const columns = numbers.map((value) => value.toFixed(0).padStart(10));
    console.log(`${name.padEnd(26)}${columns.join('')}  ${cost.refused ?? 'read'}`);
  }
  if (json !== undefined) await writeFile(json, JSON.stringify(rows, null, 2));
}

async function compare(folder: string): Promise<Row[]> {
  const reference = spawn('/usr/bin/python3', [REFERENCE, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(reference.stdout)[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => JSON.parse(String((await answers.next()).value));
  // reference.py prints a list of names, and then numbers by name.
  const names = (await answer()) as readonly string[];
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  const own: number[][] = names.map(() => []);
  const theirs: number[][] = names.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    reference.stdin.write('\n');
    const times = (await answer()) as Readonly<Record<string, number>>;
    names.forEach((name, index) => {
      theirs[index]?.push(times[name] ?? NaN);
      own[index]?.push(timed(new Uint8Array(files[index] ?? []), name));
    });
  }
  reference.stdin.end();
  return names.map((name, index) => row(name, own[index] ?? [], theirs[index] ?? []));
}

function timed(bytes: Uint8Array, name: string): number {
  const start = process.threadCpuUsage();
  decodeImage({ bytes, name, limits: LIMITS });
  const { user, system } = process.threadCpuUsage(start);
  collectGarbage();
  return (user + system) / 1000;
}

function row(name: string, own: readonly number[], theirs: readonly number[]): Row {
  const [ms, reference_ms] = [median(own), median(theirs)];
  return { name, ms, reference_ms, ratio: ms / reference_ms };
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? NaN;
}
