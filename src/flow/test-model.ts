import type { PredictRequest } from '../ports.ts';

/** An array of float32 with its shape. */
type Tile = PredictRequest['inputs'][string];

/**
 * A function in place of a model, by `name:version` in the `testModels` of a workflow or the `models` of a test.
 *
 * @example
 * const testModels: Record<string, TestModel> = {
 *   'Mine:1': {
 *     input: [256, 256, 1],
 *     predict: ({ shape, data }) => [{ shape, data: data.map((value) => Number(value > 0.5)) }],
 *   },
 * };
 */
export interface TestModel {
  /** Rows, columns and channels of the tiles that it takes; -1 for any number of rows or columns. */
  readonly input: readonly [rows: number, columns: number, channels: number];
  /**
   * Its outputs for one tile, float32 `[row, column, channel]` each. The tile has the same axes; values are
   * as the workflow has prepared them.
   */
  readonly predict: (tile: Tile) => readonly Tile[];
}

/** Test models by `name:version`. */
export type TestModels = Readonly<Record<string, TestModel>>;
