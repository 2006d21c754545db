/*
 * What tracking takes besides the movie, in bytes: the tensors of the frames under way, and the embeddings of
 * all cells.
 */

const FLOAT32 = 4;
/** As found, in the slots of the model, and as a message. */
const COPIES = 3;
/** Numbers that describe the form and the place of a cell. */
const DESCRIBED = 5;
/** Numbers of an embedding at most; the models that are known make 64. */
const EMBEDDING = 256;

interface Encoding {
  readonly frames: number;
  /** Frames that are encoded at a time. */
  readonly atATime: number;
  /** Cells of the fullest frame. */
  readonly slots: number;
  /** Side of the crop of a cell, in pixels. */
  readonly appearanceSize: number;
  readonly channels: number;
}

/** Of describing and encoding the cells of a movie. */
export function encodingBytes(encoding: Encoding): number {
  const { frames, atATime, slots, appearanceSize, channels } = encoding;
  const cell = appearanceSize ** 2 * channels + DESCRIBED + slots;
  const underWay = Math.min(frames, atATime) * COPIES * slots * cell;
  // Each embedding exists once by itself and once among all.
  return FLOAT32 * (underWay + 2 * frames * slots * EMBEDDING);
}
