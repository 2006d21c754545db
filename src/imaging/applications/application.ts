import type { DeepWatershedOptions } from '../watershed/deep-watershed.ts';
import type { PadMode } from '../tiling/tiling.ts';

/** One of the arrays that a model gives: outputs are taken in the order of their names. */
export interface Head {
  /** Place in that order; -1 is the last. */
  readonly output: number;
  /** The channels that are looked at; all of them if absent. */
  readonly channels?: readonly number[];
}

/** What is done with a plane before the model sees it. */
export type Preprocessing =
  | { readonly kind: 'histogram_normalization' }
  | { readonly kind: 'mesmer' }
  | { readonly kind: 'min_max'; readonly clip: boolean }
  | { readonly kind: 'normalize' }
  | { readonly kind: 'none' };

/**
 * What is made of the heads. Each part of a watershed gives one channel of labels, of two heads: the inner distance and
 * the interior. A single part takes the first head and the last; of several, each takes the next two.
 */
export type Postprocessing =
  | { readonly kind: 'deep_watershed'; readonly parts: readonly DeepWatershedOptions[] }
  | { readonly kind: 'multiplex' }
  | { readonly kind: 'none' };

/**
 * How an image becomes labels around a model: the reference's application classes as plain data,
 * so that a worker thread can be told what to do.
 */
export interface Application {
  readonly name: string;
  /**
   * Size of a pixel that the model was trained for, in micrometres; undefined: images are scaled by
   * `scale` itself, to the nearest pixel.
   */
  readonly micronsPerPixel: number | undefined;
  readonly preprocess: readonly Preprocessing[];
  readonly padMode: PadMode;
  /** Share of a tile that the next one overlaps, 0 to 0.5; a quarter if absent. */
  readonly overlap?: number;
  readonly heads: readonly Head[] | 'all';
  /** How many outputs the model must have. */
  readonly outputs?: number;
  readonly postprocess: readonly Postprocessing[];
}

const NUCLEUS: DeepWatershedOptions = { radius: 10, maximaThreshold: 0.1, interiorThreshold: 0.01 };

/**
 * NuclearSegmentation and CytoplasmSegmentation differ in their models only. The last head is the
 * interior, by its first channel.
 */
export const CELLS: Application = {
  name: 'cells',
  micronsPerPixel: 0.65,
  preprocess: [{ kind: 'histogram_normalization' }],
  padMode: 'reflect',
  heads: [
    { output: 0, channels: [0] },
    { output: -1, channels: [0] },
  ],
  postprocess: [{ kind: 'deep_watershed', parts: [NUCLEUS] }],
};

/** What a mesmer job asks for. */
export const COMPARTMENTS = ['whole-cell', 'nuclear', 'both'] as const;

export type Compartment = (typeof COMPARTMENTS)[number];

const MULTIPLEX: DeepWatershedOptions = {
  radius: 2,
  interiorThreshold: 0.2,
  interiorSmooth: 2,
  smallObjectsThreshold: 15,
  fillHolesThreshold: 15,
};

/** Inner distance, and channel 1 of the pixelwise head: the interior. */
const WHOLE_CELL = {
  heads: [
    { output: 0, channels: [0] },
    { output: 1, channels: [1] },
  ],
  part: { ...MULTIPLEX, maximaThreshold: 0.075 },
};
const NUCLEAR = {
  heads: [
    { output: 2, channels: [0] },
    { output: 3, channels: [1] },
  ],
  part: { ...MULTIPLEX, maximaThreshold: 0.1 },
};

/**
 * Mesmer: N. F. Greenwald et al., Nature Biotechnology 40 (2022). Both compartments are labelled
 * independently.
 */
export function mesmer(compartment: Compartment): Application {
  const wanted = { 'whole-cell': [WHOLE_CELL], nuclear: [NUCLEAR], both: [WHOLE_CELL, NUCLEAR] }[
    compartment
  ];
  return {
    name: 'mesmer',
    micronsPerPixel: 0.5,
    preprocess: [{ kind: 'mesmer' }],
    padMode: 'constant',
    heads: wanted.flatMap(({ heads }) => heads),
    outputs: 4,
    postprocess: [{ kind: 'deep_watershed', parts: wanted.map(({ part }) => part) }],
  };
}

/**
 * Spots: classification (channel 1: a spot) and the offset of each from its pixel. Found by
 * `findSpots`.
 */
export function spots(options: { readonly clip: boolean }): Application {
  return {
    name: 'spots',
    micronsPerPixel: undefined,
    preprocess: [{ kind: 'min_max', clip: options.clip }],
    padMode: 'reflect',
    heads: [{ output: 0, channels: [1] }, { output: 1 }],
    outputs: 2,
    postprocess: [{ kind: 'none' }],
  };
}
