import { KnownError } from '../../errors.ts';
import { type Stage, defineStage } from '../../flow/stage.ts';
import { spots } from '../../imaging/applications/application.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';
import { type Axes, describeOrder } from '../job-fields/axis-words.ts';
import { describeInput } from '../job-fields/describe-input.ts';
import { refuseMisfit } from '../job-fields/refuse-misfit.ts';
import { checkExtent } from './check-size.ts';
import type { Pass } from './passes.ts';
import { PLANNING } from './planning.ts';
import { hasKnownPlane, orderAround, squeezeAxes } from './squeeze-axes.ts';
import { shapeWords } from '../../imaging/shape-words.ts';

export interface SpotSettings {
  readonly model: ModelName;
  readonly clip: boolean;
}

/** What readers of the hash know: the axes of a batch item, its one channel last. */
const DIM_ORDER = 'YXC';

/** The pass of a spot job: one channel, and every other axis a batch. Leaves the image too, to draw the spots on. */
export function planSpots(
  settings: SpotSettings,
): Stage<{ raw: DecodedImage }, { passes: readonly Pass[]; image: Image }, 'raw'> {
  return defineStage({
    ...PLANNING,
    adds: ['passes', 'image'],
    run: async ({ raw }, context) => {
      const { limits, compute, signal, note } = context;
      const order = spotOrder(raw);
      const image = await compute.run('arrangeAxes', { array: raw, order }, signal);
      checkExtent(image, limits);
      const saidBy = hasKnownPlane(raw) ? 'file' : 'guess';
      await describeInput(
        { raw, order, saidBy, available: 1, channels: [0], images: [image], scale: 1 },
        context,
      );
      note({ dim_order: DIM_ORDER });
      const application = spots({ clip: settings.clip });
      return { passes: [{ application, model: settings.model, image, scale: 1 }], image };
    },
  });
}

/**
 * Every axis besides rows and columns is a batch: where it is not known which these are, the last of
 * three if it is shorter than the one before it, as in the reference.
 */
function spotOrder(raw: Axes): string {
  refuseMisfit(raw);
  const squeezed = squeezeAxes(raw);
  const { shape, orderOfAll } = squeezed;
  if (shape.length !== 2 && shape.length !== 3) {
    throw new KnownError(
      'wrong_dimensions',
      `A spot job needs an image of two or three axes, but this one has ${shape.length} (shape ${shapeWords(shape)}).`,
    );
  }
  if (hasKnownPlane(squeezed)) return orderOfAll(orderAround(squeezed, 'B'));
  if (shape.length === 2) return orderOfAll('XY');
  const [first = 0, second = 0, third = 0] = shape;
  if (third >= second) return orderOfAll('BXY');
  if (third <= first) return orderOfAll('XYB');
  throw new KnownError(
    'wrong_dimensions',
    `The image has the shape ${shapeWords(shape)}. By their lengths its axes would be ` +
      `${describeOrder('XYB', shape)}; ` +
      `they may as well be ${describeOrder('BXY', shape)}. Save the file with the names of its axes.`,
  );
}
