import type { Bomb } from './bomb.ts';
import { jpegBombs } from './jpeg-bombs.ts';
import { pngBombs } from './png-bombs.ts';
import { tiffBombs } from './tiff-bombs.ts';

/** Bombs of each kind; building them takes a second. */
export function bombs(): Bomb[] {
  return [...pngBombs(), ...jpegBombs(), ...tiffBombs()];
}
