import { defineStage } from '../../flow/stage.ts';
import { type NdArray, sharedFloat32 } from '../../imaging/array.ts';
import type { SpotsAndCells } from './gather-spots.ts';

/** What the result shows of one image of the batch. */
export interface SpotTable {
  readonly labels: SpotsAndCells['labels'];
  /** The spots with their cells, as CSV. */
  readonly table: Uint8Array;
}

/** Finds the cell of each spot, and writes the tables. */
export const assignSpots = defineStage({
  name: 'assign_spots',
  concurrency: 4,
  needs: ['gathered'],
  adds: ['tables'],
  status: 'post-processing',
  timing: 'postprocess_time',
  frees: ['gathered'],
  run: async ({ gathered }: { gathered: readonly SpotsAndCells[] }, { compute, signal }) => {
    const tables: SpotTable[] = [];
    for (const { points, labels } of gathered) {
      const input = { points, ...(labels.length > 0 && { labels: sideBySide(labels) }) };
      tables.push({ labels, table: await compute.run('spotTable', input, signal) });
    }
    return { tables };
  },
});

/** Planes as one image `[row, column, channel]`. */
function sideBySide(planes: readonly NdArray<Float32Array>[]): NdArray<Float32Array> {
  const [{ shape, data: first } = { shape: [0, 0], data: new Float32Array() }] = planes;
  const data = sharedFloat32(first.length * planes.length);
  planes.forEach((plane, channel) => {
    for (let at = 0; at < first.length; at++) data[at * planes.length + channel] = plane.data[at];
  });
  return { shape: [...shape, planes.length], data };
}
