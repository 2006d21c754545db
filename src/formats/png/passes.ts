import type { PngHeader } from './header.ts';

/** An image of some of the pixels, stored by itself. */
export interface PngPass {
  readonly width: number;
  readonly height: number;
  /** Of its first pixel in the image. */
  readonly column: number;
  readonly row: number;
  /** Distances of its pixels in the image. */
  readonly columnStep: number;
  readonly rowStep: number;
  /** Of one of its rows, without the byte for the filter. */
  readonly rowBytes: number;
}

/** Adam7 (PNG, section 8.1): first column and row, and their steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** The passes in which an image is stored, in order; those without pixels are left out. */
export function pngPasses(header: PngHeader): PngPass[] {
  const { interlaced, width, height, depth, channels } = header;
  return (interlaced ? ADAM7 : WHOLE)
    .map(([column, row, columnStep, rowStep]) => {
      const across = Math.ceil((width - column) / columnStep);
      const down = Math.ceil((height - row) / rowStep);
      const rowBytes = Math.ceil((across * channels * depth) / 8);
      return { width: across, height: down, column, row, columnStep, rowStep, rowBytes };
    })
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Bytes of all passes, filter bytes included. */
export function passesBytes(passes: readonly PngPass[]): number {
  return passes.reduce((sum, { height, rowBytes }) => sum + height * (rowBytes + 1), 0);
}
