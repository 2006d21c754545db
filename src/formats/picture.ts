import { type NdArray, sharedFloat32 } from '../imaging/array.ts';
import type { ImageDescription } from './image-description.ts';
import { decodeJpeg, isJpeg, jpegFrame } from './jpeg/decode-jpeg.ts';
import { isPng } from './png/chunks.ts';
import { decodePng, pngFrames, pngHeader } from './png/decode-png.ts';
import { unreadFormat } from './unread/unread-format.ts';

/** What a PNG or JPEG file holds. */
export interface Picture extends NdArray<Float32Array> {
  /** What the values do not show, each as a sentence: damage, frames that were left out. */
  readonly notes: readonly string[];
}

/** What the header of a PNG or JPEG file says about the array that `decodePicture` gives. Throws as that does. */
export function describePicture(bytes: Uint8Array, name: string): ImageDescription {
  if (isPng(bytes)) {
    const { width, height, channels, depth } = pngHeader(bytes, name);
    return described('PNG', [height, width, channels], depth);
  }
  if (!isJpeg(bytes)) throw unreadFormat(bytes, name);
  const { width, height, components } = jpegFrame(bytes, name);
  return described('JPEG', [height, width, components.length], 8);
}

function described(axesFrom: string, shape: readonly number[], depth: number): ImageDescription {
  const sampleType = `uint${depth}`;
  return { shape, axes: 'YXS', axesFrom, channelNames: [], sampleType, notes: [] };
}

/**
 * Reads a PNG or JPEG file as float32 `[row, column, channel]` in shared memory, with the values that Pillow
 * gives: grey 1 channel, grey and alpha 2, RGB 3, RGBA 4, a palette its indices. Throws `unsupported_file` if
 * it is neither, or a variant that is not read, and `corrupt_image`.
 */
export function decodePicture(bytes: Uint8Array, name: string): Picture {
  if (isPng(bytes)) return { ...decodePng(bytes, name), notes: pngNotes(bytes, name) };
  if (!isJpeg(bytes)) throw unreadFormat(bytes, name);
  const { width, height, channels, data, damaged } = decodeJpeg({ bytes, name });
  const values = sharedFloat32(data.length);
  values.set(data);
  const notes = damaged ? ['The JPEG data are damaged: some values may be wrong.'] : [];
  return { shape: [height, width, channels], data: values, notes };
}

function pngNotes(bytes: Uint8Array, name: string): string[] {
  const frames = pngFrames(bytes, name);
  return frames > 1
    ? [`The PNG is an animation of ${frames} frames: its still image was read.`]
    : [];
}
