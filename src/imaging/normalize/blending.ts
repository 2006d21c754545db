import type { Row, RowArena } from '../wasm/row-kernels.ts';
import type { RegionGrid } from './contextual-regions.ts';
import type { Span } from './region-spans.ts';

/** The grey levels of all regions, and where these lie. */
export interface Regions {
  readonly mappings: Float32Array;
  readonly grid: RegionGrid;
  readonly across: readonly Span[];
  readonly columns: number;
}

/** A row of bins and the levels that are made of it, in the memory of the kernels. */
export interface Lines {
  readonly kernels: RowArena['kernels'];
  /** The least and the greatest level so far. */
  readonly extent: Row;
  readonly bins: Row;
  readonly levels: Row;
}

/** A way to blend the levels of regions, row by row. */
export interface Blending {
  /** Lengths of the rows of kernel memory that it needs. */
  readonly lengths: readonly number[];
  /** Gets them. */
  readonly open: (lines: Lines, rows: readonly Row[]) => OpenBlending;
}

export interface OpenBlending {
  /** Gets ready for the rows of a span. */
  readonly enter: (vertical: Span) => void;
  /** Blends one of them; `weight` is that of the regions below it. */
  readonly blendLine: (weight: number) => void;
}
