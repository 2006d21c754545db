import { type Ellipse, type PlaneSize, drawEllipse, renderGround } from './ellipse.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

const GRID = 5;
const SPOTS_OUTSIDE = 12;
/** A spot is as wide as a microscope draws a point: the standard deviation, in pixels. */
const SIGMA = 1.2;
const REACH = 5;

/** Cells with transcripts in them: spots, nuclei and cytoplasm. float32 `[channel, row, column]`. */
export function renderSpots(size: PlaneSize): Float32Array {
  const random = seededRandom(11);
  const [spots, nuclei, cytoplasm] = [0, 1, 2].map(() => renderGround(size, random));
  if (!spots || !nuclei || !cytoplasm) return new Float32Array();
  for (let at = 0; at < GRID * GRID; at++) {
    const cell = cellAt(at, size, random);
    drawEllipse(cytoplasm, size, cell);
    drawEllipse(nuclei, size, {
      ...cell,
      axes: [cell.axes[0] / 1.9, cell.axes[1] / 1.7],
      brightness: 900,
    });
    drawWithin(spots, size, cell, random);
  }
  for (let spot = 0; spot < SPOTS_OUTSIDE; spot++) {
    drawSpot(spots, size, [random() * size.rows, random() * size.columns]);
  }
  const all = new Float32Array(3 * spots.length);
  [spots, nuclei, cytoplasm].forEach((plane, channel) => all.set(plane, channel * plane.length));
  return all;
}

function cellAt(at: number, size: PlaneSize, random: () => number): Ellipse {
  const shaken = (middle: number, by: number): number => middle + by * (2 * random() - 1);
  return {
    row: shaken((size.rows * (Math.floor(at / GRID) + 0.5)) / GRID, 6),
    column: shaken((size.columns * ((at % GRID) + 0.5)) / GRID, 6),
    axes: [shaken(41, 4), shaken(33, 4)],
    angle: Math.PI * random(),
    brightness: shaken(700, 150),
  };
}

/** Up to twenty spots somewhere in a cell. */
function drawWithin(
  plane: Float32Array,
  size: PlaneSize,
  { row, column, axes }: Ellipse,
  random: () => number,
): void {
  const count = Math.floor(21 * random());
  for (let spot = 0; spot < count; spot++) {
    const [distance, angle] = [
      0.6 * Math.min(...axes) * Math.sqrt(random()),
      2 * Math.PI * random(),
    ];
    const place = [row + distance * Math.sin(angle), column + distance * Math.cos(angle)] as const;
    drawSpot(plane, size, place);
  }
}

function drawSpot(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  [row, column]: readonly [number, number],
): void {
  const [middleY, middleX] = [Math.round(row), Math.round(column)];
  for (let y = Math.max(0, middleY - REACH); y <= Math.min(rows - 1, middleY + REACH); y++) {
    for (let x = Math.max(0, middleX - REACH); x <= Math.min(columns - 1, middleX + REACH); x++) {
      const distance = ((y - row) ** 2 + (x - column) ** 2) / (2 * SIGMA ** 2);
      plane[y * columns + x] += 1500 * Math.exp(-distance);
    }
  }
}
