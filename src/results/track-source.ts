import { createReadStream } from 'node:fs';
import { readTarFiles } from '../formats/archive/read-tar.ts';
import { readTrackFile } from '../formats/track-file.ts';
import type { Image } from '../imaging/array.ts';

/** Whether a file holds a movie and its labels. */
export function isTrackName(name: string): boolean {
  return /\.trks?$/i.test(name);
}

/**
 * The frames of a movie with labels, float32 `[frame, row, column, channel]`: the order is that of the format. `maxBytes` bounds the archive
 * once it is unpacked. Throws as `readTarFiles` and `readTrackFile` do.
 */
export async function readTrackSource(
  path: string,
  { name, maxBytes }: { readonly name: string; readonly maxBytes: number },
): Promise<Image> {
  const wanted = { name, files: ['raw.npy', 'tracked.npy'], maxBytes };
  const files = await readTarFiles(createReadStream(path), wanted);
  const [raw = new Uint8Array(), tracked = new Uint8Array()] = wanted.files.map((one) =>
    files.get(one),
  );
  return readTrackFile({ raw, tracked }).image;
}
