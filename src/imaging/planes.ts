import { type Image, sharedFloat32 } from './array.ts';

/** Works on one plane of an image: `plane` holds `rows × columns` values and is to be changed in place. */
export type PlaneFunction = (plane: Float32Array, rows: number, columns: number) => void;

/** Applies a function to a copy of each plane: of every batch item and channel by itself. */
export function mapPlanes(image: Image, change: PlaneFunction): Image {
  const [batches = 0, rows = 0, columns = 0, channels = 0] = image.shape;
  const size = rows * columns;
  const data = sharedFloat32(image.data.length);
  if (channels === 1) {
    data.set(image.data);
    for (let b = 0; b < batches; b++)
      change(data.subarray(b * size, (b + 1) * size), rows, columns);
    return { shape: image.shape, data };
  }
  const plane = new Float32Array(size);
  for (let b = 0; b < batches; b++) {
    for (let c = 0; c < channels; c++) {
      const start = b * size * channels + c;
      for (let i = 0; i < size; i++) plane[i] = image.data[start + i * channels];
      change(plane, rows, columns);
      for (let i = 0; i < size; i++) data[start + i * channels] = plane[i];
    }
  }
  return { shape: image.shape, data };
}

/** The least and the greatest value; NaN if a value is NaN. */
export function range(values: Float32Array): { least: number; greatest: number } {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    if (value !== value) return { least: NaN, greatest: NaN };
  }
  return { least, greatest };
}

/** Stretches values to 0..1 in float32, as numpy does it: (value - least) / (greatest - least). */
export function stretch(values: Float32Array, least: number, greatest: number): void {
  const width = Math.fround(greatest - least);
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.fround(values[i] - least) / width;
  }
}
