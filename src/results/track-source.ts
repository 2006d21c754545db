import { createReadStream } from 'node:fs';
import { readTarFiles } from '../formats/archive/read-tar.ts';
import { TRACK_FILES, readTrackFile, trackFileOf } from '../formats/track-file.ts';
import type { Image } from '../imaging/array.ts';

/**
 * The frames of a movie with labels, float32 `[frame, row, column, channel]`: the order is that of the
 * format. `maxBytes` bounds the archive once it is unpacked. Throws as `readTarFiles` and `readTrackFile` do.
 */
export async function readTrackSource(
  path: string,
  { name, maxBytes }: { readonly name: string; readonly maxBytes: number },
): Promise<Image> {
  const wanted = { name, files: TRACK_FILES, maxBytes };
  const files = await readTarFiles(createReadStream(path), wanted);
  return readTrackFile(trackFileOf(files)).image;
}
