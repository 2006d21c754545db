export interface PlaneSize {
  readonly rows: number;
  readonly columns: number;
}

/** A soft ellipse. Lengths are pixels, the angle is in radians. */
export interface Ellipse {
  readonly row: number;
  readonly column: number;
  /** Half-axes; the first lies along the angle. */
  readonly axes: readonly [number, number];
  readonly angle: number;
  readonly brightness: number;
}

/** The brightness of the ground that ellipses lie on. */
export const GROUND = 120;

/** A ground with uneven light and noise. float32 `[row, column]`. */
export function renderGround({ rows, columns }: PlaneSize, random: () => number): Float32Array {
  const plane = new Float32Array(rows * columns);
  for (let i = 0; i < plane.length; i++) {
    const light = 1 + 0.3 * Math.sin((i % columns) / columns + i / plane.length);
    plane[i] = GROUND * light + 12 * (random() + random() + random() - 1.5);
  }
  return plane;
}

/** Draws an ellipse on a plane, in place; where others are brighter, they stay. */
export function drawEllipse(plane: Float32Array, size: PlaneSize, ellipse: Ellipse): void {
  const { row, column, axes, angle, brightness } = ellipse;
  const { rows, columns } = size;
  const reach = 1.5 * Math.max(...axes);
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  for (let y = Math.max(0, Math.floor(row - reach)); y < Math.min(rows, row + reach); y++) {
    for (
      let x = Math.max(0, Math.floor(column - reach));
      x < Math.min(columns, column + reach);
      x++
    ) {
      const u = ((x - column) * cosine + (y - row) * sine) / axes[0];
      const v = ((y - row) * cosine - (x - column) * sine) / axes[1];
      const edge = 1 / (1 + Math.exp(6 * (Math.hypot(u, v) - 1)));
      const value = GROUND + brightness * edge * (1 - 0.15 * Math.hypot(u, v));
      plane[y * columns + x] = Math.max(plane[y * columns + x], edge > 0.06 ? value : 0);
    }
  }
}
