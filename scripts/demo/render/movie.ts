import { type PlaneSize, drawEllipse, renderGround } from './ellipse.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

interface Nucleus {
  readonly row: number;
  readonly column: number;
  readonly radius: number;
  readonly angle: number;
  readonly brightness: number;
  /** Pixels that it moves from frame to frame. */
  readonly step: readonly [number, number];
  /** Frames in which it, or one of its descendants, is two for the first time. */
  readonly divides: readonly number[];
}

/** Frames of divisions, for each nucleus of the first frame; they lie on a grid, far from each other. */
const DIVISIONS: readonly (readonly number[])[] = [[], [3, 8], [], [], [5], [], [], [], [7]];
const GRID = 3;
const FULL_RADIUS = 11;
const GROWTH = 1.06;

/** A movie of nuclei that move, grow and divide. float32 `[frame, row, column]`. */
export function renderMovie(frames: number, size: PlaneSize): Float32Array {
  const random = seededRandom(7);
  const movie = new Float32Array(frames * size.rows * size.columns);
  let nuclei = DIVISIONS.map((divides, at) => firstNucleus(at, { divides, size, random }));
  for (let frame = 0; frame < frames; frame++) {
    if (frame > 0) nuclei = nuclei.flatMap((nucleus) => next(nucleus, frame));
    const plane = renderGround(size, random);
    for (const { radius, ...nucleus } of nuclei) {
      drawEllipse(plane, size, { ...nucleus, axes: [1.1 * radius, radius / 1.1] });
    }
    movie.set(plane, frame * plane.length);
  }
  return movie;
}

interface Start {
  readonly divides: readonly number[];
  readonly size: PlaneSize;
  readonly random: () => number;
}

function firstNucleus(at: number, { divides, size, random }: Start): Nucleus {
  const shaken = (middle: number, by: number): number => middle + by * (2 * random() - 1);
  return {
    row: shaken((size.rows * (Math.floor(at / GRID) + 0.5)) / GRID, 6),
    column: shaken((size.columns * ((at % GRID) + 0.5)) / GRID, 6),
    radius: shaken(FULL_RADIUS - 0.5, 0.5),
    angle: Math.PI * random(),
    brightness: shaken(1000, 300),
    step: [shaken(0, 1.5), shaken(0, 1.5)],
    divides,
  };
}

/** What becomes of a nucleus: itself, a little further and larger, or two of half its area. */
function next(nucleus: Nucleus, frame: number): Nucleus[] {
  const { row, column, radius, step } = nucleus;
  const [division, ...later] = nucleus.divides;
  if (division === frame) return [daughter(nucleus, 1, later), daughter(nucleus, -1, [])];
  const grown = Math.min(FULL_RADIUS, radius * GROWTH);
  return [{ ...nucleus, row: row + step[0], column: column + step[1], radius: grown }];
}

/** One of two, to one side of where the mother was, and moving that way. */
function daughter(mother: Nucleus, side: 1 | -1, divides: readonly number[]): Nucleus {
  const radius = mother.radius / Math.SQRT2;
  const [down, right] = [side * Math.sin(mother.angle), side * Math.cos(mother.angle)];
  const distance = 1.4 * radius;
  return {
    ...mother,
    row: mother.row + mother.step[0] + distance * down,
    column: mother.column + mother.step[1] + distance * right,
    radius,
    angle: mother.angle + Math.PI / 2,
    step: [mother.step[0] + 1.2 * down, mother.step[1] + 1.2 * right],
    divides,
  };
}
