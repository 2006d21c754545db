import type { Image } from 'image-js';
import type { NdArray } from '../../../src/imaging/array.ts';
import { drawOutlines, greyPicture } from '../../../src/imaging/overlay.ts';
import { drawNumber } from '../digits.ts';
import { enlarged } from '../picture.ts';
import type { Track } from './lineage-tree.ts';

interface Tracked {
  /** float32 `[frame, row, column]`. */
  readonly movie: Float32Array;
  readonly labels: NdArray;
  readonly tracks: readonly Track[];
}

interface Point {
  readonly row: number;
  readonly column: number;
}

/** Pixels of the picture for one of the movie. */
const ZOOM = 2;
const TRAIL = [255, 255, 255];

/** Each frame with the outlines of its cells, in the colour of their track, where they came from, and their number. */
export async function drawFrames({ movie, labels, tracks }: Tracked): Promise<Image[]> {
  const [frames = 0, rows = 0, columns = 0] = labels.shape;
  const area = rows * columns;
  const places = Array.from({ length: frames }, (_, frame) =>
    middles(labels.data.subarray(frame * area, (frame + 1) * area), columns),
  );
  const drawn: Image[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const data = dimmed(greyPicture(movie.subarray(frame * area, (frame + 1) * area)));
    drawOutlines(data, labels.data.subarray(frame * area, (frame + 1) * area), { rows, columns });
    const image = await enlarged({ rows, columns, data }, ZOOM);
    drawTrails(image, { places: places.slice(0, frame + 1), tracks });
    drawn.push(image);
  }
  return drawn;
}

/** Darker, so that outlines and trails stand out. */
function dimmed(picture: Uint8Array): Uint8Array {
  return picture.map((grey) => 0.6 * grey);
}

interface Trails {
  /** The middle of each label, for each frame up to this one. */
  readonly places: readonly ReadonlyMap<number, Point>[];
  readonly tracks: readonly Track[];
}

function drawTrails(image: Image, { places, tracks }: Trails): void {
  const now = places.at(-1) ?? new Map<number, Point>();
  for (const { label, parent } of tracks) {
    const here = now.get(label);
    if (here === undefined) continue;
    const own = places.flatMap((frame) => frame.get(label) ?? []);
    const before = places.flatMap((frame) => frame.get(parent ?? 0) ?? []).slice(-1);
    const points = [...before, ...own].map(zoomed);
    if (points.length > 1) image.drawPolyline(points, { strokeColor: TRAIL, out: image });
    const { row, column } = zoomed(here);
    drawNumber(image, label, { row: row - 8 * ZOOM, column: column + 8 * ZOOM }, TRAIL);
  }
}

function zoomed({ row, column }: Point): Point {
  return { row: Math.round(row * ZOOM), column: Math.round(column * ZOOM) };
}

/** The centre of mass of each label of a plane; not of the background. */
function middles(labels: ArrayLike<number>, columns: number): Map<number, Point> {
  const sums = new Map<number, { row: number; column: number; pixels: number }>();
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at];
    if (label === undefined || label === 0) continue;
    const sum = sums.get(label) ?? { row: 0, column: 0, pixels: 0 };
    sums.set(label, {
      row: sum.row + Math.floor(at / columns),
      column: sum.column + (at % columns),
      pixels: sum.pixels + 1,
    });
  }
  return new Map(
    [...sums].map(([label, { row, column, pixels }]) => [
      label,
      { row: row / pixels, column: column / pixels },
    ]),
  );
}
