import { prepareImage } from '../../src/imaging/applications/run-application.ts';
import type { Application } from '../../src/imaging/applications/application.ts';
import type { Image, NdArray } from '../../src/imaging/array.ts';
import { cutTiles, planTiles } from '../../src/imaging/tiling/tiling.ts';

interface Tiling {
  readonly image: NdArray;
  /** Rows and columns of a tile. */
  readonly tile: readonly number[];
  /** What is done to the image before it is cut; nothing if absent. */
  readonly application?: Application;
  readonly scale?: number;
}

/** The tiles that the model is to see of an image, in the order of the reference: `[tile, row, column, channel]`. */
export function tilesInOrder({ image, tile, application, scale = 1 }: Tiling): Image {
  const whole: Image = { shape: image.shape, data: Float32Array.from(image.data) };
  const prepared = application ? prepareImage({ application, image: whole, scale }) : whole;
  const [rows = -1, columns = -1] = tile;
  const plan = planTiles(prepared.shape, [rows, columns], application?.padMode ?? 'constant');
  const rowCount = plan.batches * plan.rows.count;
  return cutTiles({ image: prepared, plan, firstRow: 0, rowCount });
}
