/** Extent of a page, of a segment, or of a grid of segments. */
export interface Box {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** How the strips or tiles of a page divide it. */
export interface SegmentForm {
  /** Values of a pixel. */
  readonly samples: number;
  readonly bits: number;
  /** Whether each sample has segments of its own. */
  readonly planar: boolean;
  readonly tiled: boolean;
  /** Size of a strip or tile in pixels; the last strip may be shorter. */
  readonly segment: Box;
  /** Segments side by side, below each other, and one behind the other, in the plane of one sample. */
  readonly grid: Box;
}

/** Bytes of an expanded segment of this size: rows begin at whole bytes. */
export function boxBytes(
  { width, height, depth }: Box,
  { samples, planar, bits }: Pick<SegmentForm, 'samples' | 'planar' | 'bits'>,
): number {
  return Math.ceil((width * (planar ? 1 : samples) * bits) / 8) * height * depth;
}

/** Segments that cover a page of this size. */
export function gridOf({ width, height, depth }: Box, segment: Box): Box {
  return {
    width: Math.ceil(width / segment.width),
    height: Math.ceil(height / segment.height),
    depth: Math.ceil(depth / segment.depth),
  };
}

/** Segments of a page. */
export function segmentCount({ grid, planar, samples }: SegmentForm): number {
  return grid.width * grid.height * grid.depth * (planar ? samples : 1);
}
