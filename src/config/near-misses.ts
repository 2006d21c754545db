import { editDistance } from './nearest.ts';

/** A variable that is set and that nothing reads, and the one that was probably meant. */
export interface NearMiss {
  readonly name: string;
  readonly meant: string;
}

const SHORTEST = 5;

/** Variables that are a typing mistake or two away from one that is read. */
export function nearMisses(names: readonly string[], known: readonly string[]): NearMiss[] {
  const isKnown = new Set(known);
  return names
    .filter((name) => name.length >= SHORTEST && !isKnown.has(name))
    .flatMap((name) => {
      const tolerance = name.length < 8 ? 1 : 2;
      const meant = known.find(
        (candidate) =>
          Math.abs(candidate.length - name.length) <= tolerance &&
          editDistance(name, candidate) <= tolerance,
      );
      return meant === undefined ? [] : [{ name, meant }];
    });
}
