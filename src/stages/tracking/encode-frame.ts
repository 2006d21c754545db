import { KnownError } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { Image, Labels, NdArray } from '../../imaging/array.ts';
import type { AppearanceOptions } from '../../imaging/tracking/tracking-features.ts';
import type { ModelName } from '../../ports.ts';

interface Frame extends AppearanceOptions {
  readonly encoder: ModelName;
  readonly image: Image;
  readonly labels: Labels;
  readonly frame: number;
  readonly slots: number;
  readonly neighbourDistance: number;
}

interface EncodedFrame {
  /** float32 `[1, slot, feature]` */
  readonly embedding: NdArray<Float32Array>;
  /** float32 `[1, slot, 2]` */
  readonly centroids: NdArray<Float32Array>;
}

/** The input that takes the crops of cells: `[frame, slot, row, column, channel]`. */
export const APPEARANCE_INPUT = 'encoder_app_input';

/** Of the outputs in the order of their names: the other is a copy of the centroids. */
const EMBEDDING = 1;

/** Describes the cells of one frame and has the neighbourhood encoder make embeddings of them. */
export async function encodeFrame(
  { encoder, image, labels, frame, ...options }: Frame,
  { compute, job, models, signal }: StageContext,
): Promise<EncodedFrame> {
  const plane = { image: frameOf(image, frame), labels: frameOf(labels, frame) };
  const tensors = await compute.run('frameTensors', { ...options, ...plane }, signal);
  const { outputs, release } = await models.predict({
    model: encoder,
    inputs: {
      [APPEARANCE_INPUT]: tensors.appearances,
      encoder_morph_input: tensors.morphologies,
      encoder_centroid_input: tensors.centroids,
      encoder_adj_input: tensors.adjacency,
    },
    job: job.key,
    queue: job.queue,
    splittable: true,
    signal,
  });
  const embedding = [...outputs.values()][EMBEDDING];
  const [, slots] = embedding?.shape ?? [];
  if (embedding?.shape.length !== 3 || slots !== options.slots) {
    const found = [...outputs].map(([name, { shape }]) => `${name} ${shape.join(' × ')}`);
    throw new KnownError(
      'model_mismatch',
      `Model ${encoder.name}:${encoder.version} gave ${found.join(', ')}; its second output must ` +
        `be 1 × ${options.slots} × features.`,
    );
  }
  const copy = { shape: embedding.shape, data: embedding.data.slice() };
  release?.();
  return { embedding: copy, centroids: tensors.centroids };
}

function frameOf<Data extends Float32Array | Int32Array>(
  { shape, data }: NdArray<Data>,
  frame: number,
): NdArray<Data> {
  const length = data.length / (shape[0] ?? 1);
  // `subarray` keeps the type of the array.
  return {
    shape: shape.slice(1),
    data: data.subarray(frame * length, (frame + 1) * length) as Data,
  };
}
