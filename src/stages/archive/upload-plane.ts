import type { StageContext } from '../../flow/stage.ts';
import type { NdArray } from '../../imaging/array.ts';

interface Plane {
  readonly name: string;
  /** The name of the object, if it is not that of the child. */
  readonly object?: string;
  /** float32 `[…, row, column]` */
  readonly image: NdArray<Float32Array>;
  /** A letter for each of its axes, as `TYX` or `CYX`: the child need not guess which are rows and columns. */
  readonly axes: string;
}

/** The key under which planes are put. */
export function keyOfPlane(object: string): string {
  return `output/${object}`;
}

/** Stores planes as a TIFF in an object of their own; the fields of a child that is to work on it. */
export async function uploadPlane(
  { name, object = name, image, axes }: Plane,
  { bucket, compute, moved, persist, signal: given }: StageContext,
  stopped: AbortSignal,
): Promise<Readonly<Record<'input_file_name' | 'original_name' | 'url', string>>> {
  const signal = AbortSignal.any([given, stopped]);
  const key = keyOfPlane(object);
  const bytes = await compute.run('encodeTiff', { ...image, axes }, signal);
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  const url = await persist('bucket_write', () =>
    bucket.upload(key, body(), { contentType: 'image/tiff', signal }),
  );
  moved('out', bytes.length);
  return { input_file_name: key, original_name: name, url };
}
