import { entryNames, foldersOf } from '../../formats/archive/entry-names.ts';
import { splitName } from '../../formats/split-name.ts';

/**
 * Gives the entries of several results names in one archive. They keep their own where these differ. The results of
 * images that differ in nothing but their extension, such as `a.png` and `a.tif`, have the same: entries named
 * after the later one then all begin with its whole name. Other names, such as `lineage.json`, get a number
 * in front, each by itself. None has the name of a folder that another is in.
 */
export class MergedNames {
  readonly #given = new Set<string>();
  readonly #folders = new Set<string>();
  /** The last number that a name got: of thousands of movies, each has a `lineage.json`. */
  readonly #numbers = new Map<string, number>();

  /** Names for the entries of the next result. */
  of(entries: readonly string[], originalName: string): string[] {
    let names = entryNames(entries);
    const renamed = names.map((name) => new Renamed(name, originalName));
    const ofImage = renamed.filter(({ isOfImage }) => isOfImage);
    for (;;) {
      const taken = renamed.filter((_, index) => this.#isTaken(names[index] ?? ''));
      if (taken.length === 0) break;
      const others = taken.filter(({ isOfImage }) => !isOfImage);
      if (others.length < taken.length) this.#rename(ofImage);
      for (const other of others) this.#rename([other]);
      names = entryNames(renamed.map((one) => this.#nameOf(one)));
    }
    for (const name of names) {
      this.#given.add(name);
      for (const folder of foldersOf(name)) this.#folders.add(folder);
    }
    return names;
  }

  /** Moves entries that stay together on to the next name. */
  #rename(entries: readonly Renamed[]): void {
    const [first] = entries;
    if (first === undefined) return;
    if (first.isOfImage && !first.isWhole) {
      for (const entry of entries) entry.isWhole = true;
      return;
    }
    const number = Math.max(...entries.map(({ name }) => this.#numbers.get(name) ?? 1)) + 1;
    for (const entry of entries) {
      entry.number = number;
      this.#numbers.set(entry.name, number);
    }
  }

  #nameOf({ name, number }: Renamed): string {
    if (number === 1) return name;
    // Longer ones would lose the number when they are shortened.
    if (name.length > LONGEST) return `${number}_${name.slice(-LONGEST)}`;
    const taken = this.#fileAbove(name) ?? name;
    const start = taken.lastIndexOf('/') + 1;
    return `${name.slice(0, start)}${number}_${name.slice(start)}`;
  }

  #isTaken(name: string): boolean {
    return this.#given.has(name) || this.#folders.has(name) || this.#fileAbove(name) !== undefined;
  }

  /** A file that has the name of a folder of this one. */
  #fileAbove(name: string): string | undefined {
    return foldersOf(name).find((folder) => this.#given.has(folder));
  }
}

/** Characters of a name that gets a number in front: in UTF-8 they fit into an archive, with the number. */
const LONGEST = 20_000;

/** What follows the name of an image in the names of its entries: `a.tif` has no part in `about.json`. */
const BEHIND_STEM = /^($|[^\p{L}\p{N}])/u;

/** How an entry has been renamed so far. */
class Renamed {
  /** Whether it is named after its image. */
  readonly isOfImage: boolean;
  readonly #entry: string;
  readonly #whole: string;
  /** Whether it begins with the whole name of its image. */
  isWhole = false;
  /** 1: it has none. */
  number = 1;

  constructor(entry: string, originalName: string) {
    const [image = ''] = entryNames([originalName]);
    const [stem] = splitName(image);
    const behind = entry.slice(stem.length);
    this.isOfImage = originalName !== '' && entry.startsWith(stem) && BEHIND_STEM.test(behind);
    this.#entry = entry;
    this.#whole = image + behind;
  }

  /** Its name without the number. */
  get name(): string {
    return this.isWhole ? this.#whole : this.#entry;
  }
}
