import type { Image } from '../../src/imaging/array.ts';

/** An image of one channel, `[batch, row, column, 1]`, with the last row first. */
export function upsideDown({ shape, data }: Image): Image {
  const [, rows = 0, columns = 0] = shape;
  const flipped = data.map((_, at) => {
    const row = Math.floor(at / columns) % rows;
    return data[at + (rows - 1 - 2 * row) * columns] ?? NaN;
  });
  return { shape, data: flipped };
}
