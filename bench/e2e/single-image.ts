import { decodeImage } from '../../src/formats/decode-image.ts';
import { packFile } from '../../src/formats/archive/pack-file.ts';
import { type Entry, zipArchive } from '../../src/formats/zip.ts';
import type { Job } from '../../src/job/job.ts';
import type { Image } from '../../src/imaging/array.ts';
import { type Application, CELLS, mesmer } from '../../src/imaging/applications/application.ts';
import { finishImage, prepareImage } from '../../src/imaging/applications/run-application.ts';
import { arrangeAxes } from '../../src/imaging/axes.ts';
import { cutTiles, planTiles } from '../../src/imaging/tiling/tiling.ts';
import { canvasImage, openCanvas } from '../../src/imaging/tiling/canvas.ts';
import { blendTiles } from '../../src/imaging/tiling/untiling.ts';
import type { ModelName } from '../../src/ports.ts';
import { type ResultFile } from '../../src/stages/results/result-file.ts';
import type { ResultImage } from '../../src/stages/plan/passes.ts';
import { batchFiles, stackedFeatureFiles } from '../../src/stages/results/batch-files.ts';
import { specimenModels } from '../harness/specimen-models.ts';

/** What is done with one image of a kind of job, without anything around it. */
export interface Recipe {
  readonly application: Application;
  /** For `arrangeAxes`. */
  readonly order: string;
  readonly model: ModelName;
  readonly channels: number;
  readonly files: (results: readonly ResultImage[], job: Job) => readonly ResultFile[];
}

/** By the names of `JOB_KINDS`. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  nuclear: {
    application: CELLS,
    order: 'XY',
    model: { name: 'NuclearSegmentation', version: 6 },
    channels: 1,
    files: batchFiles,
  },
  'mesmer both': {
    application: mesmer('both'),
    order: 'CXY',
    model: { name: 'MultiplexSegmentation', version: 9 },
    channels: 2,
    files: stackedFeatureFiles,
  },
};

export const TILE = 256;

const UNLIMITED = { maxHeight: 0, maxWidth: 0, maxFileBytes: 0 };

/** Milliseconds of processor time by step. */
export type Steps = Record<string, number>;

/** Makes the archive of one image, on this thread, and adds what each step took to `steps`. */
export async function processImage(
  { application, order, model, files }: Recipe,
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
  steps: Steps,
): Promise<Uint8Array> {
  const timed = <Result>(step: string, run: () => Result): Result => {
    const before = process.cpuUsage();
    const result = run();
    steps[step] = (steps[step] ?? 0) + milliseconds(process.cpuUsage(before));
    return result;
  };
  const image = timed('decode', () =>
    arrangeAxes({ array: decodeImage({ bytes, name, limits: UNLIMITED }), order }),
  );
  const prepared = timed('preprocess', () => prepareImage({ application, image, scale: 1 }));
  const plan = planTiles(prepared.shape, [TILE, TILE], application.padMode);
  const strip = { firstRow: 0, rowCount: plan.rows.count };
  const tiles = timed('tile', () => cutTiles({ image: prepared, plan, ...strip }));
  const outputs = answersOf(model, tiles);
  const heads = application.heads === 'all' ? [] : application.heads;
  const blended = heads.flatMap(({ output, channels = [0] }) => {
    const reply = outputs.at(output);
    if (reply === undefined) return [];
    const canvas = openCanvas(plan, reply.shape[3] ?? 1, channels);
    timed('untile', () => blendTiles({ plan, canvas, ...strip, tiles: reply.data }));
    return [canvasImage(plan, canvas)];
  });
  const [, rows = 0, columns = 0] = image.shape;
  const result = timed('postprocess', () =>
    finishImage({ application, heads: blended, size: [rows, columns] }),
  );
  const entries = timed('package', () => files([result], { originalName: name } as Job).map(pack)); // all that is read
  const pieces: Uint8Array[] = [];
  for await (const piece of zipArchive(entries)()) pieces.push(piece);
  return Buffer.concat(pieces);
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function pack(file: ResultFile): Entry {
  return { name: file.name, ...packFile(file) };
}

/** What the specimen model says of tiles, in the order of its outputs. */
function answersOf({ name }: ModelName, tiles: Image): Image[] {
  const served = specimenModels().find((model) => model.name === name);
  const answer = served?.predict(new Map([['input', tiles]]));
  if (!(answer instanceof Map)) throw new Error('The specimen models answer at once.');
  return [...answer.values()] as Image[]; // as ServedModel says
}
