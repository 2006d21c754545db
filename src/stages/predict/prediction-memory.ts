import type { Head } from '../../imaging/applications/application.ts';
import { sizeOf } from '../../imaging/array.ts';
import type { TilePlan } from '../../imaging/tiling/tiling.ts';
import type { ModelSignature } from '../../ports.ts';
import { channelsToKeep } from './model-fit.ts';

/*
 * What a prediction takes, in bytes: canvases for the whole of it, and for each strip of tiles, until it is
 * blended, the tiles, once as an array and once as the message that is sent, and the outputs. The message of
 * a reply is not reckoned: it is copied and freed when it has arrived, one after the other.
 */

const FLOAT32 = 4;
const FLOAT64 = 8;
const COPIES_OF_TILES = 2;
/** Channels of an output whose number the server does not tell. */
const UNTOLD = 4;

/** Channels of a head. */
interface Depth {
  /** Of its output, as it is gathered from replies. */
  readonly gathered: number;
  /** Those that are looked at. */
  readonly kept: number;
}

/** How deep the heads are that an application needs. Only of an output that has a name some channels are gathered. */
export function depthsOf(
  heads: readonly Head[] | 'all',
  signature: ModelSignature,
  picked = channelsToKeep(heads, signature),
): Depth[] {
  const depths = signature.outputs.map(({ shape }) => {
    const last = shape?.at(-1) ?? -1;
    return last > 0 ? last : UNTOLD;
  });
  if (heads === 'all') return depths.map((all) => ({ gathered: all, kept: all }));
  return heads.map(({ output, channels }) => {
    const all = depths.at(output) ?? UNTOLD;
    const name = signature.outputs.at(output)?.name ?? '';
    return { gathered: picked.get(name)?.length ?? all, kept: channels?.length ?? all };
  });
}

/** Of the canvases that the outputs are put together on. */
export function canvasBytes(
  { batches, rows, columns }: TilePlan,
  depths: readonly Depth[],
): number {
  const kept = depths.reduce((sum, depth) => sum + depth.kept, 0);
  const carried = (rows.tile - rows.stride) * columns.padded;
  return kept * (FLOAT32 * sizeOf([batches, rows.length, columns.length]) + FLOAT64 * carried);
}

/** Of a number of rows of tiles. */
export function stripBytes(plan: TilePlan, rowCount: number, depths: readonly Depth[]): number {
  const { rows, columns, channels } = plan;
  const pixels = sizeOf([rowCount, columns.count, rows.tile, columns.tile]);
  const answered = depths.reduce((sum, { gathered }) => sum + gathered, 0);
  return FLOAT32 * pixels * (COPIES_OF_TILES * channels + answered);
}
