import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { EDGES, type Random } from '../random.ts';
import { type Mutate, mutateBytes } from './bytes.ts';
import { mutatePieces } from './pieces.ts';

/** Changes chunks of a PNG file, whose checksums and compression stay right, so that a reader looks at what is inside. */
export const mutatePng: Mutate = (bytes, random) => {
  const chunks = chunksOf(bytes);
  if (chunks.length < 2 || random.chance(0.2)) return mutateBytes(bytes, random);
  const changed = mutatePieces(chunks, random, (chunk) => changeChunk(chunk, random));
  return Buffer.concat([bytes.subarray(0, 8), changed]);
};

function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const file = Buffer.from(bytes);
  const chunks: Uint8Array[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) break;
    chunks.push(file.subarray(at, end));
    at = end;
  }
  return chunks;
}

function changeChunk(chunk: Uint8Array, random: Random): Uint8Array {
  const type = Buffer.from(chunk.subarray(4, 8)).toString('latin1');
  const data = chunk.subarray(8, -4);
  if (type === 'IHDR') return makeChunk(type, changeHeader(data, random));
  if (type === 'IDAT') return makeChunk(type, changePixels(data, random));
  const named = random.chance(0.3) ? random.pick(['tRNS', 'PLTE', 'acTL', 'iCCP', 'fdAT']) : type;
  return makeChunk(named, mutateBytes(data, random));
}

function changeHeader(data: Uint8Array, random: Random): Uint8Array {
  const header = Buffer.from(data);
  if (header.length < 13) return header;
  if (random.chance(0.5)) header.writeUInt32BE(random.pick(EDGES), random.pick([0, 4]));
  else header[random.pick([8, 9, 10, 11, 12])] = random.pick([0, 1, 2, 3, 4, 6, 8, 16, 255]);
  return header;
}

function changePixels(data: Uint8Array, random: Random): Uint8Array {
  try {
    const raw = inflateSync(data, { maxOutputLength: 2 ** 20 });
    const size = random.pick([0, 0, 0, 2 ** 16, 2 ** 20]);
    return deflateSync(Buffer.concat([mutateBytes(raw, random), new Uint8Array(size)]));
  } catch {
    return mutateBytes(data, random);
  }
}

function makeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), data.length + 8);
  return chunk;
}
