import { cutTiles, planTiles } from '../../src/imaging/tiling/tiling.ts';
import { openCanvas } from '../../src/imaging/tiling/canvas.ts';
import { blendTiles } from '../../src/imaging/tiling/untiling.ts';
import type { Bench } from './measure.ts';
import { asChannel, cameraImage, modelHeads } from './specimens.ts';

const TILE = 256;

export const TILING: readonly Bench[] = [
  {
    name: 'tile',
    reference: { 1024: 0.4, 2048: 5 },
    prepare(size) {
      const image = cameraImage(size, 1);
      const plan = planTiles(image.shape, [TILE, TILE], 'reflect');
      return () => cutTiles({ image, plan, firstRow: 0, rowCount: plan.rows.count });
    },
  },
  untiling('untile, 1 channel', { depth: 1, channels: [0] }, { 1024: 3.3, 2048: 37 }),
  untiling('untile, 1 channel of 3', { depth: 3, channels: [1] }, { 1024: 16, 2048: 149 }),
  untiling('untile, 3 channels', { depth: 3, channels: [0, 1, 2] }, { 1024: 16, 2048: 149 }),
  {
    name: 'tile + untile of all heads',
    reference: { 1024: 20, 2048: 191 },
    prepare(size) {
      const image = cameraImage(size, 1);
      const plan = planTiles(image.shape, [TILE, TILE], 'reflect');
      const cut = () => cutTiles({ image, plan, firstRow: 0, rowCount: plan.rows.count });
      const heads = [
        untileHead(size, { depth: 1, channels: [0] }),
        untileHead(size, { depth: 3, channels: [1] }),
      ];
      return () => [cut(), ...heads.map((head) => head())];
    },
  },
];

/** An output of so many channels, of which some are kept. */
interface Output {
  readonly depth: number;
  readonly channels: readonly number[];
}

function untiling(
  name: string,
  output: Output,
  reference: Readonly<Record<number, number>>,
): Bench {
  return { name, reference, prepare: (size) => untileHead(size, output) };
}

function untileHead(size: number, { depth, channels }: Output): () => unknown {
  const output = asChannel(modelHeads(size).distance, 0, depth);
  const plan = planTiles(output.shape, [TILE, TILE], 'reflect');
  const rows = { firstRow: 0, rowCount: plan.rows.count };
  const tiles = cutTiles({ image: output, plan, ...rows }).data;
  return () => {
    const canvas = openCanvas(plan, depth, channels);
    blendTiles({ plan, canvas, ...rows, tiles });
    return canvas;
  };
}
