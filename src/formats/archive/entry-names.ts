import { normalize } from 'node:path/posix';

/** What the two bytes for the length of a name can tell. */
const MOST_BYTES = 65_535;

/**
 * Names for the entries of an archive, one for each name that is asked for, in their order, no two the same
 * nor one a folder of another. A name keeps all its characters, including colons, backslashes and spaces,
 * except for what Python's zipfile changes too (`a//b`, `a/./b`, `a/../b` and slashes in front are
 * normalized) and for what would lead out of the folder into which the archive is unpacked. Of names that are
 * the same, the first keeps it and the others get a number in front: `sub/2_a.tif`. So does a file that has
 * the name of a folder.
 */
export function entryNames(asked: readonly string[]): string[] {
  const wanted = asked.map(safeName);
  const folders = new Set(wanted.flatMap(foldersOf));
  const reserved = new Set([...wanted, ...folders]);
  const given = new Map<string, number>();
  return wanted.map((name) => {
    const before = given.get(name) ?? (folders.has(name) ? 1 : 0);
    const number = before === 0 ? 1 : nextNumber(name, before + 1, reserved);
    given.set(name, number);
    const own = numbered(name, number);
    reserved.add(own);
    return own;
  });
}

/** The folders that an entry is in: `a/b` and `a` of `a/b/c.tif`. */
export function foldersOf(name: string): string[] {
  const steps = name.split('/').slice(0, -1);
  return steps.map((_, at) => steps.slice(0, at + 1).join('/'));
}

/** The first number, from this on, that gives a name that no entry has or asks for. */
function nextNumber(name: string, from: number, reserved: ReadonlySet<string>): number {
  let number = from;
  while (reserved.has(numbered(name, number))) number++;
  return number;
}

function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const start = name.lastIndexOf('/') + 1;
  return `${name.slice(0, start)}${number}_${name.slice(start)}`;
}

function safeName(name: string): string {
  const inside = normalize(`/${name.replaceAll('\0', '')}`);
  const steps = inside.split('/').map(withoutParents);
  const path = steps.filter((step) => step !== '' && step !== '.').join('/');
  return shortened(path.toWellFormed()) || 'unnamed';
}

/** Windows takes backslashes for slashes: steps to the parent between them are left out. */
function withoutParents(step: string): string {
  return step.replace(/^(\.\.(\\|$))+/, '').replaceAll(/\\\.\.(?=\\|$)/g, '');
}

/** The end of a name says what kind of file it is: the beginning is cut off. */
function shortened(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= MOST_BYTES) return name;
  // The first character may be cut in two.
  return bytes
    .subarray(-MOST_BYTES + 4)
    .toString()
    .replace(/^\ufffd+/, '');
}
