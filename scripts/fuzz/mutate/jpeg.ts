import { jpegSegments } from '../../../src/formats/jpeg/segments.ts';
import { EDGES, type Random } from '../random.ts';
import { type Mutate, mutateBytes } from './bytes.ts';
import { mutatePieces } from './pieces.ts';

/** Changes marker segments of a JPEG file, whose lengths stay right. */
export const mutateJpeg: Mutate = (bytes, random) => {
  const segments = segmentsOf(bytes);
  if (segments.length < 2 || random.chance(0.3)) return mutateBytes(bytes, random);
  const changed = mutatePieces(segments, random, (segment) => changeSegment(segment, random));
  return Buffer.concat([bytes.subarray(0, 2), changed]);
};

function segmentsOf(bytes: Uint8Array): Uint8Array[] {
  try {
    return Array.from(jpegSegments(bytes, ''), (segment) => segment.bytes);
  } catch {
    return [];
  }
}

function changeSegment(segment: Uint8Array, random: Random): Uint8Array {
  const changed = new Uint8Array(segment);
  const marker = changed[1] ?? 0;
  if (marker >= 0xc0 && marker <= 0xcf && changed.length > 10 && random.chance(0.7)) {
    return changeFrame(changed, random);
  }
  if (random.chance(0.1)) changed[1] = 0xc0 + random.below(64);
  const content = mutateBytes(changed.subarray(4), random);
  const head = Buffer.from(changed.subarray(0, 4));
  // The data of a scan are no part of its length.
  if (marker !== 0xda && head.length === 4) head.writeUInt16BE((content.length + 2) & 0xffff, 2);
  return Buffer.concat([head, content]);
}

function changeFrame(segment: Uint8Array, random: Random): Uint8Array {
  const frame = Buffer.from(segment);
  const what = random.below(4);
  if (what === 0) frame.writeUInt16BE(random.pick(EDGES) & 0xffff, random.pick([5, 7]));
  else if (what === 1) frame[1] = random.pick([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xcb]);
  else frame[10 + random.below(frame.length - 10)] = random.pick([0x11, 0x21, 0x22, 0x44, 1, 3]);
  return frame;
}
