import type { StageContext } from '../../flow/stage.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import { likeliestLabel, meanScale } from '../../imaging/applications/detection.ts';
import { planTiles } from '../../imaging/tiling/tiling.ts';
import type { ModelName } from '../../ports.ts';
import { imageInput, onlyOutput } from './model-fit.ts';
import { checkWholeNumbers } from './whole-numbers.ts';
import { stripBytes } from './prediction-memory.ts';

/** Asks the scale model how large the pixels of an image `[batch, row, column, 1]` are. */
export async function detectScale(
  model: ModelName,
  image: Image,
  context: StageContext,
): Promise<number> {
  return meanScale(await askAboutTiles(model, image, context));
}

/** Asks the label model what kind of image `[batch, row, column, 1]` it is. */
export async function detectLabel(
  model: ModelName,
  image: Image,
  context: StageContext,
): Promise<number> {
  return likeliestLabel(await askAboutTiles(model, image, context));
}

/** The one output of a model that says something of each tile, `[tile, …]`. */
async function askAboutTiles(
  model: ModelName,
  image: Image,
  { models, compute, job, signal, reserve }: StageContext,
): Promise<NdArray<Float32Array>> {
  const input = imageInput(model, image.shape, await models.signature(model, signal));
  checkWholeNumbers(model, input, image.data);
  const [, height = -1, width = -1] = input.shape ?? [];
  const plan = planTiles(image.shape, [height, width], 'constant');
  const rowCount = plan.batches * plan.rows.count;
  const giveBack = await reserve(stripBytes(plan, rowCount, []));
  const tiles = await compute.run('cutTiles', { image, plan, firstRow: 0, rowCount }, signal);
  const { outputs } = await models.predict({
    model,
    inputs: { [input.name]: tiles },
    job: job.key,
    queue: job.queue,
    splittable: true,
    signal,
  });
  giveBack();
  return onlyOutput(model, outputs);
}
