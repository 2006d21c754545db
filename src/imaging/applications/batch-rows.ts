interface BatchLimits {
  /** Rows of the smallest model: TF_MAX_BATCH_SIZE. */
  readonly maxBatchSize: number;
  /** Pixels along an axis of the smallest model: TF_MIN_MODEL_SIZE. */
  readonly minModelSize: number;
}

/**
 * Rows that one request to a model may carry: fewer for larger inputs. `shapes` are those of the
 * inputs, `[row, ..., channel]`, -1 for any length. The reference's formula, which gives 0 for
 * large models; a request has at least one row.
 */
export function batchRows(
  shapes: readonly (readonly number[])[],
  { maxBatchSize, minModelSize }: BatchLimits,
): number {
  return Math.max(1, Math.trunc(referenceRows(shapes, { maxBatchSize, minModelSize })));
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
