import type { Image, NdArray } from '../../src/imaging/array.ts';
import { sharedFloat32 } from '../../src/imaging/array.ts';
import { seededRandom } from '../../src/seeded-random.ts';

/*
 * Synthetic images of dense nuclei, about 2,900 on 1024 × 1024 pixels, and what a good model would say of them.
 */

/** Pixels from the centre of a nucleus to the next. */
const PITCH = 19;
const SMALLEST_RADIUS = 5.5;
const LARGEST_RADIUS = 9;

interface Nucleus {
  readonly row: number;
  readonly column: number;
  readonly radius: number;
  readonly brightness: number;
}

function nuclei(size: number, seed: number): Nucleus[] {
  const random = seededRandom(seed);
  const across = Math.floor(size / PITCH);
  const jitter = (): number => PITCH / 2 + (random() - 0.5) * 8;
  return Array.from({ length: across * across }, (_, index) => ({
    row: Math.floor(index / across) * PITCH + jitter(),
    column: (index % across) * PITCH + jitter(),
    radius: SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * random(),
    brightness: 300 + 1200 * random(),
  }));
}

/** Distance of a pixel from the centre of a nucleus, in radii of the nucleus. */
type Profile = (distance: number, nucleus: Nucleus) => number;

/** The greatest of what the nuclei say of each pixel, `[row, column]`. */
function draw(size: number, seed: number, profile: Profile): Float32Array {
  const plane = sharedFloat32(size * size);
  for (const nucleus of nuclei(size, seed)) {
    const { row, column, radius } = nucleus;
    const reach = 2 * radius;
    const [top, left] = [
      Math.max(Math.ceil(row - reach), 0),
      Math.max(Math.ceil(column - reach), 0),
    ];
    for (let y = top; y <= Math.min(row + reach, size - 1); y++) {
      for (let x = left; x <= Math.min(column + reach, size - 1); x++) {
        const value = profile(Math.hypot(y - row, x - column) / radius, nucleus);
        const at = y * size + x;
        if (value > (plane[at] ?? NaN)) plane[at] = value;
      }
    }
  }
  return plane;
}

/** An image of a camera: whole numbers, float32 `[1, row, column, channel]`. */
export function cameraImage(size: number, channels: number): Image {
  const data = sharedFloat32(size * size * channels);
  const random = seededRandom(99);
  for (let channel = 0; channel < channels; channel++) {
    const plane = draw(
      size,
      1 + channel,
      (distance, { brightness }) => brightness * Math.exp(-2 * distance ** 2),
    );
    plane.forEach(
      (value, at) => (data[at * channels + channel] = Math.floor(value + 100 + 25 * random())),
    );
  }
  return { shape: [1, size, size, channels], data };
}

/** What a model says of the same nuclei: float32 `[1, row, column, 1]` each. */
export interface Heads {
  /** How near the centre of its nucleus a pixel is: 1 in the centre. */
  readonly distance: Image;
  /** How far inside its nucleus a pixel is: 0 outside. */
  readonly interior: Image;
}

export function modelHeads(size: number, seed = 1): Heads {
  const noise = seededRandom(seed + 4);
  const rough = (plane: Float32Array): Image => ({
    shape: [1, size, size, 1],
    data: plane.map((value) => value + 0.01 * noise()),
  });
  const distance = draw(size, seed, (radii, { radius }) =>
    radii > 1 ? 0 : 1 / (1 + 0.25 * radii * radius),
  );
  const interior = draw(size, seed, (radii) => Math.max(1 - radii ** 2, 0));
  return { distance: rough(distance), interior: rough(interior) };
}

/** A plane becomes one channel of an output of several: float32 `[1, row, column, channel]`. */
export function asChannel({ shape, data }: Image, channel: number, channels: number): Image {
  const output = sharedFloat32(data.length * channels);
  data.forEach((value, at) => (output[at * channels + channel] = value));
  return { shape: [...shape.slice(0, 3), channels], data: output };
}

/** Labels as a plane `[row, column]`. */
export function planeOf({ shape, data }: NdArray<Int32Array>): NdArray<Int32Array> {
  return { shape: shape.slice(1, 3), data };
}
