import { LABEL_KERNELS } from './label-kernels-wasm.ts';

/** The kernels of wasm/label-kernels.ts. Bands and rows are given by their addresses, lengths in pixels. */
export interface LabelKernels {
  readonly areBelowInfinity: (values: number, count: number) => number;
  readonly findSummits: (
    values: number,
    stride: number,
    count: number,
    first: number,
    bound: number,
    margin: number,
    places: number,
  ) => number;
  readonly squareMaxima: (values: number, stride: number, rows: number, maxima: number) => void;
  readonly scanForwards: (
    plane: number,
    heights: number,
    levels: number,
    stride: number,
    count: number,
    bound: number,
  ) => void;
  readonly scanBackwards: (
    heights: number,
    levels: number,
    stride: number,
    count: number,
    first: number,
    places: number,
  ) => number;
  readonly linkToHighest: (
    levels: number,
    stride: number,
    count: number,
    first: number,
    links: number,
    pooled: number,
    contested: number,
    counts: number,
  ) => void;
  readonly followForwards: (links: number, stride: number, rows: number, first: number) => void;
  readonly followBackwards: (
    links: number,
    stride: number,
    rows: number,
    first: number,
    places: number,
  ) => number;
  readonly findRunEnds: (row: number, width: number, ends: number) => number;
}

/** Compiles them to work in a memory. */
export function labelKernels(memory: WebAssembly.Memory): LabelKernels {
  const bytes = Uint8Array.from(atob(LABEL_KERNELS), (character) => character.charCodeAt(0));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return exports as LabelKernels; // compiled from the source that the interface describes; a test compares both
}
