import { entryNames } from '../../formats/archive/entry-names.ts';
import { splitName } from '../../formats/split-name.ts';

/**
 * Gives the entries of several results names in one archive. They keep their own; but the results of images
 * that differ in nothing but their extension, such as `a.png` and `a.tif`, have the same: those of the later
 * one begin with its whole name.
 */
export class MergedNames {
  readonly #given = new Set<string>();

  /** Names for the entries of the next result. */
  of(entries: readonly string[], originalName: string): string[] {
    const whole = (name: string): string => withExtension(name, originalName);
    let names = entryNames(entries);
    if (this.#isTaken(names)) names = entryNames(entries.map(whole));
    for (let number = 2; this.#isTaken(names); number++) {
      names = entryNames(entries.map((name) => numbered(whole(name), number)));
    }
    for (const name of names) this.#given.add(name);
    return names;
  }

  #isTaken(names: readonly string[]): boolean {
    return names.some((name) => this.#given.has(name));
  }
}

function withExtension(name: string, originalName: string): string {
  const [stem] = splitName(originalName);
  return name.startsWith(stem) ? originalName + name.slice(stem.length) : name;
}

function numbered(name: string, number: number): string {
  const start = name.lastIndexOf('/') + 1;
  return `${name.slice(0, start)}${number}_${name.slice(start)}`;
}
