import { crc32 } from 'node:zlib';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { type RawEntry, writeRawZip } from '../../src/formats/archive/write-raw-zip.ts';
import { cameraImage } from '../kernels/specimens.ts';

/** An archive of stored images, made while it is read. */
export interface ArchivePlan {
  readonly members: number;
  readonly archive: () => AsyncGenerator<Uint8Array>;
  /** The model of its images. */
  readonly model: string;
}

const MANY = 2 ** 22;

/** The Python consumer needed 9.0 s for 16 of these. */
export function medium(members: number): ArchivePlan {
  return planOf(members, () => imageOf(512), 'NuclearSegmentation:6');
}

export function small(members: number): ArchivePlan {
  return planOf(members, () => imageOf(64), 'SmallSegmentation:1');
}

/** Small images in files of 4 MiB: what stands behind the pixels belongs to no image. */
export function large(members: number): ArchivePlan {
  const padded = (): Uint8Array => {
    const bytes = new Uint8Array(MANY);
    bytes.set(imageOf(64));
    return bytes;
  };
  return planOf(members, padded, 'SmallSegmentation:1');
}

function imageOf(size: number): Uint8Array {
  return encodeTiff({ shape: [size, size], data: cameraImage(size, 1).data });
}

function planOf(members: number, image: () => Uint8Array, model: string): ArchivePlan {
  return { members, model, archive: () => writeRawZip(entriesOf(members, image())) };
}

async function* entriesOf(members: number, bytes: Uint8Array): AsyncGenerator<RawEntry> {
  const headers = { method: 0, crc32: crc32(bytes), size: bytes.length };
  for (let member = 0; member < members; member++) {
    const name = `plate ${member % 10}/image ${member}.tif`;
    const packed = once(bytes);
    yield { ...headers, compressedSize: bytes.length, name, packed };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
