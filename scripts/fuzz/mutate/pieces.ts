import type { Random } from '../random.ts';

/** Moves, repeats or leaves out whole pieces of a file, or changes one of them by `change`. */
export function mutatePieces(
  pieces: readonly Uint8Array[],
  random: Random,
  change: (piece: Uint8Array) => Uint8Array,
): Uint8Array {
  const changed = [...pieces];
  for (let count = 1 + random.below(3); count > 0 && changed.length > 0; count--) {
    const at = random.below(changed.length);
    const piece = changed[at] ?? new Uint8Array(0);
    const what = random.below(6);
    if (what === 0) changed.splice(at, 1);
    else if (what === 1) changed.splice(random.below(changed.length), 0, piece);
    else if (what === 2) {
      changed.splice(at, 1);
      changed.splice(random.below(changed.length + 1), 0, piece);
    } else changed[at] = change(piece);
  }
  return Buffer.concat(changed);
}
