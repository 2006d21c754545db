import { entryNames, foldersOf } from '../../formats/archive/entry-names.ts';
import { splitName } from '../../formats/split-name.ts';

/**
 * Gives the entries of several results names in one archive. They keep their own; but the results of images
 * that differ in nothing but their extension, such as `a.png` and `a.tif`, have the same: those of the later
 * one begin with its whole name. None has the name of a folder that another is in.
 */
export class MergedNames {
  readonly #given = new Set<string>();
  readonly #folders = new Set<string>();

  /** Names for the entries of the next result. */
  of(entries: readonly string[], originalName: string): string[] {
    const whole = (name: string): string => withExtension(name, originalName);
    let names = entryNames(entries);
    if (this.#isTaken(names)) names = entryNames(entries.map(whole));
    for (let number = 2; this.#isTaken(names); number++) {
      names = entryNames(entries.map((name) => this.#numbered(whole(name), number)));
    }
    for (const name of names) {
      this.#given.add(name);
      for (const folder of foldersOf(name)) this.#folders.add(folder);
    }
    return names;
  }

  #isTaken(names: readonly string[]): boolean {
    return names.some(
      (name) =>
        this.#given.has(name) || this.#folders.has(name) || this.#fileAbove(name) !== undefined,
    );
  }

  /** A file that has the name of a folder of this one. */
  #fileAbove(name: string): string | undefined {
    return foldersOf(name).find((folder) => this.#given.has(folder));
  }

  #numbered(name: string, number: number): string {
    const taken = this.#fileAbove(name) ?? name;
    const start = taken.lastIndexOf('/') + 1;
    return `${name.slice(0, start)}${number}_${name.slice(start)}`;
  }
}

function withExtension(name: string, originalName: string): string {
  const [stem] = splitName(originalName);
  return name.startsWith(stem) ? originalName + name.slice(stem.length) : name;
}
