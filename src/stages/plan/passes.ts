import type { Application } from '../../imaging/applications/application.ts';
import type { Image, NdArray } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';

/** One run of a model on an image. A job makes one for each model that it asks for. */
export interface Pass {
  readonly application: Application;
  readonly model: ModelName;
  /** float32 `[batch, row, column, channel]`: the user's image, and after `preprocess` what the model sees. */
  readonly image: Image;
  readonly scale: number;
  /** What a job may do if the model takes another number of channels, in a sentence. */
  readonly onMisfit?: string;
}

/** A pass whose image is ready for the model. */
export interface PreparedPass extends Pass {
  /** Rows and columns of the user's image. */
  readonly size: readonly [number, number];
}

/** A pass that the model has answered. */
export interface PredictedPass extends Omit<PreparedPass, 'image'> {
  readonly heads: readonly Image[];
}

/** What came out of a job's passes: int32 labels or float32 values `[batch, row, column, channel]`. */
export type ResultImage = NdArray<Int32Array | Float32Array>;
