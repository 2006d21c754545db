import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cutTiles, planTiles } from '../../src/imaging/tiling/tiling.ts';
import { imageCommand } from '../harness/image-command.ts';
import { JOB_KINDS, type JobKind } from '../harness/job-kinds.ts';
import { bareSender, drive } from '../predict/load.ts';
import { median } from '../predict/row.ts';
import { RECIPES, type Recipe, type Steps, TILE, processImage } from './single-image.ts';

/** What the work of one image takes at least: each step on one thread, with nothing around it. */
export interface Limit {
  /** Milliseconds of processor time by step; `gRPC` is a bare loop that sends and receives as many bytes. */
  readonly steps: Readonly<Steps>;
  /** The result of the image. */
  readonly archive: Uint8Array;
}

export function totalMs({ steps }: Pick<Limit, 'steps'>): number {
  return Object.values(steps).reduce((sum, ms) => sum + ms, 0);
}

/** Of the image in the store; the names in the archive follow from it. */
export const IMAGE_FILE = 'upload/image.tif';
const REPEATS = 9;

/** Measures it in a process of its own, started as the container image starts a consumer. */
export async function measureLimit(kind: JobKind, size: number, modelPort: number): Promise<Limit> {
  const { nodeOptions, environment } = imageCommand();
  const args = [kind.name, String(size), String(modelPort)];
  const child = fork(fileURLToPath(import.meta.url), args, {
    execArgv: [...nodeOptions],
    env: { PATH: process.env['PATH'], ...environment },
    serialization: 'advanced',
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The limit of ${kind.name} cannot be measured: exit code ${code}.`);
  });
  const [limit] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return limit as Limit; // what this file sends
}

async function measure(kind: JobKind, size: number, port: number): Promise<Limit> {
  const recipe = RECIPES[kind.name];
  if (recipe === undefined) throw new Error(`Nobody knows how to make the result of ${kind.name}.`);
  const image = { bytes: kind.image(size), name: IMAGE_FILE };
  const runs: Steps[] = [];
  let archive: Uint8Array = new Uint8Array();
  for (let run = 0; run < REPEATS; run++) {
    const steps: Steps = {};
    archive = await processImage(recipe, image, steps);
    runs.push(steps);
  }
  const names = Object.keys(runs[0] ?? {});
  const medians = names.map((name) => [name, median(runs.map((run) => run[name] ?? NaN))]);
  const gRPC = await bareCalls(recipe, size, port);
  return { steps: { ...Object.fromEntries(medians), gRPC }, archive };
}

/** Processor time of sending the tiles of an image and receiving the outputs, a row of tiles a call. */
async function bareCalls({ model, channels }: Recipe, size: number, port: number): Promise<number> {
  const shape = [1, size, size, channels];
  const blank = { shape, data: new Float32Array(size * size * channels) };
  const plan = planTiles(shape, [TILE, TILE], 'reflect');
  const tensor = cutTiles({ image: blank, plan, firstRow: 0, rowCount: 1 });
  const calls = plan.rows.count;
  const sender = bareSender({ port, tensor, maxRows: Infinity, model, input: 'input' });
  await drive(sender, { callers: 2, requests: 4 * calls });
  const { cpuMs } = await drive(sender, { callers: 2, requests: REPEATS * calls });
  await sender.close();
  return calls * cpuMs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, size, port] = process.argv;
  const kind = JOB_KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`There is no kind of job called ${name}.`);
  process.send?.(await measure(kind, Number(size), Number(port)), () => process.disconnect());
}
