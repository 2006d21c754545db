import { KnownError } from '../../errors.ts';
import { type Stage, defineStage } from '../../flow/stage.ts';
import { spots } from '../../imaging/applications/application.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import { squeeze } from '../../imaging/axes.ts';
import type { ModelName } from '../../ports.ts';
import { checkRowsAndColumns } from './check-size.ts';
import type { Pass } from './passes.ts';

export interface SpotSettings {
  readonly model: ModelName;
  readonly clip: boolean;
}

/** What readers of the hash know: the axes of a batch item, its one channel last. */
const DIM_ORDER = 'YXC';

/** The pass of a spot job: one channel, and every other axis a batch. Leaves the image too, to draw the spots on. */
export function planSpots(
  settings: SpotSettings,
): Stage<{ raw: NdArray<Float32Array> }, { passes: readonly Pass[]; image: Image }, 'raw'> {
  return defineStage({
    name: 'plan',
    concurrency: 8,
    frees: ['raw'],
    run: async ({ raw }, { limits, compute, signal, note }) => {
      const array = squeeze(raw);
      const batchLast = array.shape.length === 3 && (array.shape[2] ?? 0) < (array.shape[1] ?? 0);
      const order = batchLast ? 'XYB' : array.shape.length === 3 ? 'BXY' : 'XY';
      checkRank(array);
      const image = await compute.run('arrangeAxes', { array, order }, signal);
      checkRowsAndColumns(image, limits);
      note({ dim_order: DIM_ORDER });
      const application = spots({ clip: settings.clip });
      return { passes: [{ application, model: settings.model, image, scale: 1 }], image };
    },
  });
}

function checkRank({ shape }: NdArray): void {
  if (shape.length === 2 || shape.length === 3) return;
  throw new KnownError(
    'wrong_dimensions',
    `A spot job needs an image of two or three axes, but this one has ${shape.length} (shape ${shape.join(' × ')}).`,
  );
}
