import { EDGES, type Random } from '../random.ts';
import { type Mutate, mutateBytes } from './bytes.ts';

/** Tags that decide how pixels are read. */
const TAGS: readonly number[] = [
  254, 256, 257, 258, 259, 262, 266, 270, 273, 277, 278, 279, 282, 283, 284, 296, 305, 317, 320,
  322, 323, 324, 325, 338, 339, 347, 530, 33628, 33629, 50839,
];

/** Changes entries of the directories of a TIFF file: tags, types, counts and values. */
export const mutateTiff: Mutate = (bytes, random) => {
  const file = Buffer.from(bytes);
  const entries = entriesOf(file);
  if (entries.length === 0 || random.chance(0.3)) return mutateBytes(bytes, random);
  for (let count = 1 + random.below(4); count > 0; count--) {
    changeEntry(file, random.pick(entries), random);
  }
  return random.chance(0.15) ? mutateBytes(file, random) : file;
};

interface Entry {
  readonly at: number;
  readonly little: boolean;
}

/** Of classic TIFF; other files change byte by byte. */
function entriesOf(file: Buffer): Entry[] {
  if (file.length < 8) return [];
  const little = file[0] === 0x49;
  const number = (at: number, size: number): number =>
    little ? file.readUIntLE(at, size) : file.readUIntBE(at, size);
  if (number(2, 2) !== 42) return [];
  const found: Entry[] = [];
  for (let at = number(4, 4), pages = 0; at > 0 && at + 2 <= file.length && pages < 8; pages++) {
    const count = number(at, 2);
    const end = at + 2 + 12 * count;
    if (end + 4 > file.length) break;
    for (let index = 0; index < count; index++) found.push({ at: at + 2 + 12 * index, little });
    at = number(end, 4);
  }
  return found;
}

function changeEntry(file: Buffer, { at, little }: Entry, random: Random): void {
  const write = (value: number, place: number, size: number): void => {
    const fitting = value % 256 ** size;
    if (little) file.writeUIntLE(fitting, place, size);
    else file.writeUIntBE(fitting, place, size);
  };
  const what = random.below(5);
  if (what === 0) write(random.pick(TAGS), at, 2);
  else if (what === 1) write(random.below(19), at + 2, 2);
  else if (what === 2) write(random.pick(EDGES), at + 4, 4);
  else if (what === 3) write(random.below(file.length), at + 8, 4);
  else write(random.pick(EDGES), at + 8, random.pick([2, 4]));
}
