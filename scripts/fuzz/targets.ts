import { hash } from './targets/hash.ts';
import { jpeg, npy, ome, png, tiff } from './targets/images.ts';
import type { Target } from './targets/target.ts';

/** By the name that `--format` gives. */
export const TARGETS: Readonly<Record<string, Target>> = { tiff, png, jpeg, npy, hash, ome };
