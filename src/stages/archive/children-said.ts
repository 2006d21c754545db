import type { JobFields } from '../../ports.ts';

/** Different warnings that are kept: the hash of the parent shows a few. */
const MOST = 100;

/** What the children of a job said besides their results: cells found and warnings, summed up. */
export class ChildrenSaid {
  readonly #warnings = new Map<string, { readonly first: string; times: number }>();
  #cells: readonly number[] | undefined;

  add(name: string, { cells, warnings = '' }: JobFields): void {
    if (cells !== undefined && /^\d+(,\d+)*$/.test(cells))
      this.#addCells(cells.split(',').map(Number));
    for (const warning of warnings.split('\n')) {
      if (warning.trim() !== '') this.#addWarning(name, warning.trim());
    }
  }

  /** The cells of each feature, with commas; undefined if no child counted any. */
  get cells(): string | undefined {
    return this.#cells?.join(',');
  }

  /** Each warning once, with the child that had it first, and of how many others it is true. */
  get warnings(): string[] {
    return Array.from(this.#warnings, ([warning, { first, times }]) => {
      const others = times === 2 ? '1 other' : `${times - 1} others`;
      return times === 1 ? `${first}: ${warning}` : `${first} and ${others}: ${warning}`;
    });
  }

  #addCells(cells: readonly number[]): void {
    const sums = this.#cells ?? [];
    const length = Math.max(sums.length, cells.length);
    this.#cells = Array.from({ length }, (_, at) => (sums[at] ?? 0) + (cells[at] ?? 0));
  }

  #addWarning(name: string, warning: string): void {
    const known = this.#warnings.get(warning);
    if (known !== undefined) known.times += 1;
    else if (this.#warnings.size < MOST) this.#warnings.set(warning, { first: name, times: 1 });
  }
}
