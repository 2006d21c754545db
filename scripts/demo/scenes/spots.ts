import { join } from 'node:path';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { drawOutlines, greyPicture } from '../../../src/imaging/overlay.ts';
import { enlarged, writePng } from '../picture.ts';
import { renderSpots } from '../render/spots.ts';
import { pixelsOf } from './outlines.ts';
import type { Scene } from './scene.ts';
import { type Spot, readSpots, spotsPerCell } from './spot-counts.ts';

const SIZE = { rows: 512, columns: 512 };
const AREA = SIZE.rows * SIZE.columns;
/** Position of the label image of whole cells in a result; nuclei are the first. */
const CELLS = 1;

/** Transcripts in cells: where they are, and how many each cell has. */
export function spotsScene(): Scene {
  const image = renderSpots(SIZE);
  const bytes = encodeTiff({ shape: [3, SIZE.rows, SIZE.columns], data: image });
  return {
    settings: { CONSUMERS: 'polaris,spot,segmentation' },
    queue: 'polaris',
    fields: { channels: '0,1,2', segmentation_type: 'cell culture', dimension_order: 'CXY' },
    samples: [{ name: 'spots.tif', bytes, broken: false }],
    keep: async (_, files, folder) => {
      const spots = readSpots(files.get('spots_0.csv'));
      const name = `spots_batch_0_feature_${CELLS}.tif`;
      const labels = pixelsOf(name, files.get(name)).data;
      await drawSpotsOverCells(spots, { image, labels, folder });
      const counts = spotsPerCell(spots, labels);
      const inCells = spots.filter(({ cell }) => cell > 0).length;
      return {
        columns: { cells: counts.size, spots: spots.length, 'in cells': inCells },
        text: `Spots of each cell:\n${lines(counts)}`,
      };
    },
  };
}

interface Drawing {
  readonly image: Float32Array;
  readonly labels: Float32Array;
  readonly folder: string;
}

/** Pixels of the picture for one of the image. */
const ZOOM = 2;
const CROSS = [255, 255, 0];

async function drawSpotsOverCells(
  spots: readonly Spot[],
  { image, labels, folder }: Drawing,
): Promise<void> {
  const cytoplasm = greyPicture(image.subarray(2 * AREA));
  const data = greyPicture(image.subarray(0, AREA)).map((grey, at) =>
    Math.max(grey, cytoplasm[at] / 3),
  );
  drawOutlines(data, labels, SIZE);
  const picture = await enlarged({ ...SIZE, data }, ZOOM);
  const places = spots.map(({ x, y }) => ({ row: middle(y), column: middle(x) }));
  picture.drawMarkers(places, { shape: 'cross', size: 9, strokeColor: CROSS, out: picture });
  await writePng(join(folder, 'overlays', 'spots.png'), picture);
}

/** Where the middle of a pixel lies in the picture. */
function middle(place: number): number {
  return Math.round((place + 0.5) * ZOOM);
}

function lines(counts: ReadonlyMap<number, number>): string {
  return [...counts].map(([cell, count]) => `  cell ${cell}: ${count}`).join('\n');
}
