import { CELLS } from '../../src/imaging/applications/application.ts';
import { type Image, sharedFloat32 } from '../../src/imaging/array.ts';
import { finishImage, prepareImage } from '../../src/imaging/applications/run-application.ts';
import { cutTiles, planTiles, type TilePlan } from '../../src/imaging/tiling/tiling.ts';
import { canvasImage, openCanvas } from '../../src/imaging/tiling/canvas.ts';
import { blendTiles } from '../../src/imaging/tiling/untiling.ts';
import type { Row } from './measure.ts';
import { cameraImage, modelHeads } from './specimens.ts';

const SIDE = 12_000;
const TILE = 256;
/** The image repeats itself: this many rows and columns are drawn. */
const PATTERN = 1024;

/**
 * Takes an image of 144 megapixels through the nuclear application, tiles a strip at a time. Tells how long that took,
 * and how much memory the process held at most.
 */
export function measureHuge(): Row[] {
  const image = repeatPattern(cameraImage(PATTERN, 1));
  const start = performance.now();
  const prepared = prepareImage({ application: CELLS, image, scale: 1 });
  const heads = predictStrips(prepared);
  const labels = finishImage({ application: CELLS, heads, size: [SIDE, SIDE] });
  const ms = performance.now() - start;
  const peak = process.resourceUsage().maxRSS / 1024;
  let cells = 0;
  for (const label of labels.data) cells = Math.max(cells, label);
  console.log(
    `${SIDE} × ${SIDE}: ${cells} cells in ${(ms / 1000).toFixed(1)} s, peak ${peak.toFixed(0)} MiB`,
  );
  return [
    { name: 'huge: nuclear application', size: SIDE, ms, reference_ms: null, ratio: null },
    { name: 'huge: peak memory in MiB', size: SIDE, ms: peak, reference_ms: null, ratio: null },
  ];
}

function repeatPattern({ data }: Image): Image {
  const whole = sharedFloat32(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const row = data.subarray((y % PATTERN) * PATTERN, ((y % PATTERN) + 1) * PATTERN);
    for (let x = 0; x < SIDE; x += PATTERN) {
      whole.set(row.subarray(0, Math.min(PATTERN, SIDE - x)), y * SIDE + x);
    }
  }
  return { shape: [1, SIDE, SIDE, 1], data: whole };
}

function predictStrips(image: Image): Image[] {
  const { distance, interior } = modelHeads(PATTERN);
  const plan = planTiles(image.shape, [TILE, TILE], CELLS.padMode);
  const outputs = [distance, interior].map((head) => ({ head, canvas: openCanvas(plan, 1, [0]) }));
  for (let firstRow = 0; firstRow < plan.rows.count; firstRow++) {
    const strip = { plan, firstRow, rowCount: 1 };
    const { shape } = cutTiles({ image, ...strip });
    for (const { head, canvas } of outputs) {
      blendTiles({ ...strip, canvas, tiles: answer(head, plan, firstRow, shape[0] ?? 0) });
    }
  }
  return outputs.map(({ canvas }) => canvasImage(plan, canvas));
}

/** What the model says of a row of tiles: the pattern of a head, in place. */
function answer(
  { data }: Image,
  { rows, columns }: TilePlan,
  row: number,
  tiles: number,
): Float32Array {
  const reply = new Float32Array(tiles * TILE * TILE);
  for (let line = 0; line < tiles * TILE; line++) {
    const tile = Math.floor(line / TILE);
    const y = inPattern(row * rows.stride + (line % TILE) - rows.before);
    const left = tile * columns.stride - columns.before;
    for (let x = 0; x < TILE; x++) {
      reply[line * TILE + x] = data[y * PATTERN + inPattern(left + x)] ?? NaN;
    }
  }
  return reply;
}

function inPattern(place: number): number {
  return (place + PATTERN) % PATTERN;
}
