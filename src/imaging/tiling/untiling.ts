import { blendRows } from './blend-rows.ts';
import type { Blend, Canvas } from './canvas.ts';
import type { TilePlan, TiledAxis } from './tiling.ts';

/**
 * Tiles are blended only if there are at least two along both axes and they are not tiny; else
 * later ones overwrite.
 */
const LEAST_BLENDED = 32;

/**
 * Puts rows of tiles onto a canvas. Where tiles overlap they are weighted by tapers and summed in
 * double precision, in the order of the tiles; the tapers of two neighbours sum to a little more
 * than 1, and so do the results: a property of the reference that thresholds see.
 */
export function blendTiles({ plan, canvas, firstRow, rowCount, tiles }: Blend): void {
  const { rows, columns } = plan;
  if (isBlended(rows) && isBlended(columns)) {
    blendRows({ plan, canvas, firstRow, rowCount, tiles });
    return;
  }
  const rowLength = columns.count * rows.tile * columns.tile * canvas.depth;
  for (let index = 0; index < rowCount; index++) {
    const own = tiles.subarray(index * rowLength, (index + 1) * rowLength);
    pasteRow({ plan, canvas, index: firstRow + index, tiles: own });
  }
}

function isBlended({ tile, padded }: TiledAxis): boolean {
  return tile >= LEAST_BLENDED && tile < padded;
}

interface RowOfTiles {
  readonly plan: TilePlan;
  readonly canvas: Canvas;
  /** Counted over all batch items. */
  readonly index: number;
  /** `[tile, row, column, channel]`. */
  readonly tiles: Float32Array;
}

/** Copies a row of tiles; what was there is overwritten. */
function pasteRow({ plan, canvas, index, tiles }: RowOfTiles): void {
  const { rows, columns } = plan;
  const { channels, depth, data } = canvas;
  const batch = Math.floor(index / rows.count);
  for (let line = 0; line < columns.count * rows.tile; line++) {
    const tile = Math.floor(line / rows.tile);
    const y = (index % rows.count) * rows.stride + (line % rows.tile) - rows.before;
    if (y < 0 || y >= rows.length) continue;
    const left = tile * columns.stride - columns.before;
    const end = Math.min(columns.tile, columns.length - left);
    for (let x = Math.max(-left, 0); x < end; x++) {
      const source = (line * columns.tile + x) * depth;
      const target = ((batch * rows.length + y) * columns.length + left + x) * channels.length;
      for (let c = 0; c < channels.length; c++) data[target + c] = tiles[source + channels[c]];
    }
  }
}
