import { EDGES, type Random } from '../random.ts';

export type Mutate = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Changes that know nothing of the format. */
const CHANGES: readonly Mutate[] = [flip, set, setNumber, cut, repeat, insert, remove, swap];

/** A few changes at random places. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed: Uint8Array = new Uint8Array(bytes);
  for (let count = 1 + random.below(4); count > 0; count--) {
    if (changed.length > 0) changed = random.pick(CHANGES)(changed, random);
  }
  return changed;
}

/** Puts the end of one input after the beginning of another. */
export function splice(one: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  return Buffer.concat([
    one.subarray(0, random.below(one.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);
}

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  bytes[random.below(bytes.length)] ^= 1 << random.below(8);
  return bytes;
}

function set(bytes: Uint8Array, random: Random): Uint8Array {
  bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function setNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const size = random.pick([1, 2, 4]);
  if (bytes.length < size) return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const value = random.pick(EDGES) % 256 ** size;
  const at = random.below(bytes.length - size + 1);
  if (random.chance(0.5)) buffer.writeUIntLE(value, at, size);
  else buffer.writeUIntBE(value, at, size);
  return bytes;
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.subarray(0, random.below(bytes.length));
}

/** A part once more, up to 64 times. */
function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const [start, end] = part(bytes, random);
  const times = Array.from({ length: 1 + random.below(64) }, () => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, end), ...times, bytes.subarray(end)]);
}

function insert(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const fresh = Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
  return Buffer.concat([bytes.subarray(0, at), fresh, bytes.subarray(at)]);
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const [start, end] = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function swap(bytes: Uint8Array, random: Random): Uint8Array {
  const [start, end] = part(bytes, random);
  const at = random.below(bytes.length + 1);
  const moved = bytes.subarray(start, end);
  return Buffer.concat([bytes.subarray(0, at), moved, bytes.subarray(at)]);
}

function part(bytes: Uint8Array, random: Random): [number, number] {
  const start = random.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + random.below(32))];
}
