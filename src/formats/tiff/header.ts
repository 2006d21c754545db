import { corrupt } from '../corrupt-image.ts';
import { type Field, TiffView, valueBytes } from './tiff-view.ts';

/** One image file directory: where its entries lie. */
export interface Directory {
  /** Where its first entry begins. */
  readonly at: number;
  readonly entries: number;
}

export interface TiffHeader {
  readonly view: TiffView;
  /** At least one. */
  readonly directories: readonly Directory[];
  /** Why the chain of directories ends early, if it does. */
  readonly brokenOff?: string;
}

/** More pages than any stack has; a longer chain is a trap. */
const MOST_DIRECTORIES = 65_536;

/** Whether the bytes begin as those of a TIFF or BigTIFF file. */
export function isTiff(bytes: Uint8Array): boolean {
  const mark = String.fromCharCode(...bytes.subarray(0, 4));
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(mark);
}

/**
 * Finds the directories of a file; reads no tag. A chain that leaves the file or runs into itself
 * ends there, as with tifffile, so that time and memory follow the bytes of the file. Throws
 * `corrupt_image`.
 */
export function readTiffHeader(bytes: Uint8Array, name: string): TiffHeader {
  const view = new TiffView(bytes, name);
  const directories: Directory[] = [];
  const seen = new Set<number>();
  let directoryBytes = 0;
  let offset = view.word(view.big ? 8 : 4);
  while (offset !== 0) {
    const directory = directoryAt(view, offset);
    if (directory === undefined && directories.length === 0)
      throw corrupt(name, 'it ends too early');
    if (directory === undefined) return { view, directories, brokenOff: 'leaves the file' };
    if (directories.length === MOST_DIRECTORIES) throw corrupt(name, 'it has too many pages');
    const end = directory.at + directory.entries * entryBytes(view);
    directoryBytes += end - offset;
    if (seen.has(offset) || directoryBytes > bytes.length) {
      return { view, directories, brokenOff: 'runs into itself' };
    }
    seen.add(offset);
    directories.push(directory);
    offset = view.has(end, view.big ? 8 : 4) ? view.word(end) : Infinity;
  }
  if (directories.length === 0) throw corrupt(name, 'it holds no image');
  return { view, directories };
}

/** Where a tag of a directory stands: its first entry, if it has several. */
export function findField(view: TiffView, directory: Directory, tag: number): Field | undefined {
  const size = entryBytes(view);
  for (let index = 0; index < directory.entries; index++) {
    const entry = directory.at + index * size;
    if (view.uint16(entry) === tag) return fieldAt(view, entry);
  }
  return undefined;
}

function directoryAt(view: TiffView, offset: number): Directory | undefined {
  if (!view.has(offset, view.big ? 8 : 2)) return undefined;
  const entries = view.big ? view.uint64(offset) : view.uint16(offset);
  const at = offset + (view.big ? 8 : 2);
  return view.has(at, entries * entryBytes(view)) ? { at, entries } : undefined;
}

/** Values that fit stand in the entry itself. */
function fieldAt(view: TiffView, entry: number): Field {
  const type = view.uint16(entry + 2);
  const count = view.big ? view.uint64(entry + 4) : view.uint32(entry + 4);
  const inline = entry + (view.big ? 12 : 8);
  const size = valueBytes({ type, count, at: inline }) * count;
  return { type, count, at: size <= (view.big ? 8 : 4) ? inline : view.word(inline) };
}

function entryBytes({ big }: TiffView): number {
  return big ? 20 : 12;
}
