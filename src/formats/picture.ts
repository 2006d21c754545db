import { decode as decodePngFile } from 'fast-png';
import { decode as decodeAny } from 'image-js';
import { KnownError } from '../errors.ts';
import { type NdArray, sharedFloat32 } from '../imaging/array.ts';
import { corrupt } from './corrupt-image.ts';

/** What the header of a PNG or JPEG file tells. */
interface PictureHeader {
  readonly format: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
  /** Values of a pixel. */
  readonly channels: number;
}

/** Channels by the colour type of a PNG file; 3 is a palette, whose indices are the values. */
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Reads the header of a PNG or JPEG file. Throws `unsupported_file` if it is neither. */
export function pictureHeader(bytes: Uint8Array, name: string): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 26 && view.getUint32(0) === 0x89504e47) {
    const channels = PNG_CHANNELS[bytes[25] ?? -1];
    if (channels === undefined) throw corrupt(name, 'its colour type is unknown');
    return { format: 'png', width: view.getUint32(16), height: view.getUint32(20), channels };
  }
  if (bytes.length >= 4 && view.getUint16(0) === 0xffd8) return jpegHeader(view, name);
  throw new KnownError(
    'unsupported_file',
    `"${name}" is no image that can be read: it ${beginning(bytes)}. TIFF, PNG and JPEG files are.`,
  );
}

/**
 * Reads a PNG or JPEG file as float32 `[row, column, channel]` in shared memory, with the values that Pillow gives: grey 1
 * channel, grey and alpha 2, RGB 3, RGBA 4, a palette its indices.
 */
export function decodePicture(bytes: Uint8Array, name: string): NdArray<Float32Array> {
  const { format, width, height, channels } = pictureHeader(bytes, name);
  try {
    const data = format === 'png' ? pngValues(bytes) : jpegValues(bytes, channels);
    if (data.length !== width * height * channels)
      throw new RangeError('unexpected number of values');
    return { shape: [height, width, channels], data };
  } catch (cause) {
    throw corrupt(name, 'its pixels cannot be read', cause);
  }
}

function pngValues(bytes: Uint8Array): Float32Array {
  const { data, depth, width, height, channels } = decodePngFile(bytes, { checkCrc: true });
  if (depth >= 8) return shared(data);
  const perRow = width * channels;
  const bytesPerRow = Math.ceil((perRow * depth) / 8);
  const out = sharedFloat32(height * perRow);
  for (let row = 0; row < height; row++) {
    for (let i = 0; i < perRow; i++) {
      const bit = i * depth;
      const byte = data[row * bytesPerRow + (bit >> 3)] ?? 0;
      out[row * perRow + i] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return out;
}

/** image-js gives every JPEG as RGBA. */
function jpegValues(bytes: Uint8Array, channels: number): Float32Array {
  const { data } = decodeAny(bytes).getRawImage();
  const pixels = data.length / 4;
  const out = sharedFloat32(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels; c++) out[pixel * channels + c] = data[pixel * 4 + c] ?? 0;
  }
  return out;
}

function shared(values: ArrayLike<number>): Float32Array {
  const out = sharedFloat32(values.length);
  out.set(values);
  return out;
}

/** ITU-T T.81, B.2.2: a frame header is a marker C0 to CF other than C4, C8 and CC. */
function jpegHeader(view: DataView, name: string): PictureHeader {
  let at = 2;
  while (at + 10 <= view.byteLength) {
    const marker = view.getUint16(at);
    const isFrame =
      marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) {
      const components = view.getUint8(at + 9);
      if (components !== 1 && components !== 3) {
        throw new KnownError(
          'unsupported_file',
          `"${name}" is a JPEG with ${components} colours; 1 or 3 are read.`,
        );
      }
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return { format: 'jpeg', width, height, channels: components };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw corrupt(name, 'it ends before the image begins');
}

function beginning(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  const start = bytes.subarray(0, 16);
  const printable = start.every((byte) => byte >= 32 && byte < 127);
  if (printable) return `begins with "${String.fromCharCode(...start)}"`;
  return `begins with the bytes ${Buffer.from(start.subarray(0, 4)).toString('hex')}`;
}
