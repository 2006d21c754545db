import { type Application, CELLS, mesmer } from '../../src/imaging/applications/application.ts';
import type { Image } from '../../src/imaging/array.ts';
import { finishImage, prepareImage } from '../../src/imaging/applications/run-application.ts';
import { cutTiles, planTiles } from '../../src/imaging/tiling/tiling.ts';
import { canvasImage, openCanvas } from '../../src/imaging/tiling/canvas.ts';
import { blendTiles } from '../../src/imaging/tiling/untiling.ts';
import type { Bench } from './measure.ts';
import { asChannel, cameraImage, modelHeads } from './specimens.ts';

const TILE = 256;

/** Whole applications with a model that answers at once: its outputs are made beforehand. */
export const APPLICATIONS: readonly Bench[] = [
  {
    name: 'nuclear application',
    reference: { 1024: 1585, 2048: 12083 },
    prepare: (size) => whole(CELLS, cameraImage(size, 1), cellOutputs(size)),
  },
  {
    name: 'mesmer application, whole-cell',
    reference: { 1024: 1073, 2048: 6415 },
    prepare: (size) => whole(mesmer('whole-cell'), cameraImage(size, 2), mesmerOutputs(size)),
  },
  {
    name: 'mesmer application, both',
    reference: { 1024: 1867, 2048: 11439 },
    prepare: (size) => whole(mesmer('both'), cameraImage(size, 2), mesmerOutputs(size)),
  },
];

function cellOutputs(size: number): Image[] {
  const { distance, interior } = modelHeads(size);
  return [distance, interior];
}

function mesmerOutputs(size: number): Image[] {
  const { distance, interior } = modelHeads(size);
  const pixels = asChannel(interior, 1, 3);
  return [distance, pixels, distance, pixels];
}

function whole(application: Application, image: Image, outputs: readonly Image[]): () => unknown {
  const [, rows = 0, columns = 0] = image.shape;
  const plan = planTiles(image.shape, [TILE, TILE], application.padMode);
  const strip = { firstRow: 0, rowCount: plan.rows.count };
  const replies = outputs.map((output) => cutTiles({ image: output, plan, ...strip }));
  const heads = application.heads === 'all' ? [] : application.heads;
  return () => {
    const prepared = prepareImage({ application, image, scale: 1 });
    cutTiles({ image: prepared, plan, ...strip });
    const untiled = heads.flatMap(({ output, channels = [0] }) => {
      const reply = replies.at(output);
      if (reply === undefined) return [];
      const canvas = openCanvas(plan, reply.shape[3] ?? 1, channels);
      blendTiles({ plan, canvas, ...strip, tiles: reply.data });
      return [canvasImage(plan, canvas)];
    });
    return finishImage({ application, heads: untiled, size: [rows, columns] });
  };
}
