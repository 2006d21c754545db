interface BatchLimits {
  /** Rows of the smallest model: TF_MAX_BATCH_SIZE. */
  readonly maxBatchSize: number;
  /** Pixels along an axis of the smallest model: TF_MIN_MODEL_SIZE. */
  readonly minModelSize: number;
}

/**
 * Rows that one request to a model may carry: fewer for larger inputs. `shapes` are those of the
 * inputs, `[row, ..., channel]`, -1 for any length. The reference's formula, which gives 0 for
 * large models; a request has at least one row, and not more than a model was exported for.
 */
export function batchRows(
  shapes: readonly (readonly number[])[],
  { maxBatchSize, minModelSize }: BatchLimits,
): number {
  const exported = shapes.flatMap(([rows = -1]) => (rows > 0 ? [rows] : []));
  const rows = Math.trunc(referenceRows(shapes, { maxBatchSize, minModelSize }));
  return Math.max(1, Math.min(rows, ...exported));
}

/** The formula itself, without the least of one row. */
export function referenceRows(
  shapes: readonly (readonly number[])[],
  { maxBatchSize, minModelSize }: BatchLimits,
): number {
  let ratio = 1;
  for (const shape of shapes) {
    for (const length of shape.slice(1, -1)) if (length > 0) ratio *= length / minModelSize;
    ratio *= shape.at(-1) ?? 1;
  }
  return Math.floor(maxBatchSize / Math.abs(ratio));
}
