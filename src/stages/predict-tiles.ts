import {
  type Rule,
  type Rules,
  isObject,
  listOf,
  memberProblems,
  oneOf,
  orAbsent,
  textLike,
  whatIs,
} from '../flow/shape/shape-rules.ts';
import { type Stage, defineStage } from '../flow/stage.ts';
import type { Head } from '../imaging/applications/application.ts';
import type { Image } from '../imaging/array.ts';
import type { PadMode } from '../imaging/tiling/tiling.ts';
import type { ModelName } from '../ports.ts';
import { predictImage } from './predict/predict-image.ts';

interface Tiles {
  /** Of the stage, where a pipeline has two of them; `predict` if absent. */
  readonly name?: string;
  /** What stands beyond the border of the image; its mirror image if absent. */
  readonly padMode?: PadMode;
  /** The outputs that are needed, in the order of their names; all of them if absent. */
  readonly heads?: readonly Head[];
}

/**
 * The outputs of a model in the order of their names. Most have two or more, which can be taken apart without asking
 * whether each is there, however strict the compiler is.
 */
type Heads = readonly [Image, Image, ...Image[]];

const HEAD: Rule = {
  allowed: 'an output, such as { output: 0 } or { output: -1, channels: [0] }',
  accepts: (value) =>
    isObject(value) &&
    Number.isInteger(value['output']) &&
    (value['channels'] === undefined || isChannels(value['channels'])),
};

const TILES: Rules = {
  name: orAbsent(textLike(/\S/, 'text')),
  padMode: orAbsent(oneOf('reflect', 'constant')),
  heads: orAbsent(listOf(HEAD, 'a list of outputs, such as [{ output: 0 }]')),
};

function isChannels(value: unknown): boolean {
  return Array.isArray(value) && value.every((channel) => Number.isInteger(channel));
}

/** Authors of JavaScript learn of a mistake here, at the start, and not from the first job. */
function requireArguments(model: unknown, tiles: unknown): void {
  if (!isObject(model) || typeof model['name'] !== 'string') {
    throw new TypeError('predictTiles needs a model, such as the value of setting.model(…).');
  }
  const problems = isObject(tiles)
    ? memberProblems(tiles, TILES, 'what predictTiles takes')
    : [`it got ${whatIs(tiles)}, but must get an object, such as { padMode: 'constant' }.`];
  if (problems.length > 0) throw new TypeError(`predictTiles: ${problems.join(' ')}`);
}

/**
 * Has the model servers run a model on an image, in overlapping tiles of the model's size; leaves its
 * outputs, each of the image's size.
 *
 * @example
 * const model = { name: 'NuclearSegmentation', version: 6 };
 * pipeline(
 *   download,
 *   describeImage,
 *   decodeImage,
 *   orient(),
 *   predictTiles(model, { padMode: 'constant', heads: [{ output: 0 }, { output: -1, channels: [0] }] }),
 * );
 */
export function predictTiles(
  model: ModelName,
  tiles: Tiles = {},
): Stage<{ image: Image }, { heads: Heads }> {
  requireArguments(model, tiles);
  const { name = 'predict', padMode = 'reflect', heads } = tiles;
  return defineStage({
    name,
    concurrency: 16,
    needs: ['image'],
    adds: ['heads'],
    status: 'predicting',
    timing: 'prediction_time',
    footprint: () => 0,
    run: async ({ image }, context) => {
      const predicted = await predictImage(
        { model, image, padMode, heads: heads ?? 'all', onProgress: context.progress },
        context,
      );
      context.note({ predict_retries: predicted.retries });
      // How many there are only the model says.
      return { heads: predicted.heads as unknown as Heads };
    },
  });
}
