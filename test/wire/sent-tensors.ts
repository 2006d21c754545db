import assert from 'node:assert/strict';
import { DATA_TYPE, PredictRequest } from '../../src/adapters/model-server/tf-serving/messages.ts';
import { tfServing } from '../../src/adapters/model-server/tf-serving/protocol.ts';
import type { NdArray } from '../../src/imaging/array.ts';

/** Keeps the tensors of all Predict calls that a model server sees, read from the bytes on the wire. */
export class SentTensors {
  readonly #calls: { readonly model: string; readonly image: NdArray<Float32Array> }[] = [];

  /** Give this to the model server. */
  readonly witness = (path: string, message: Buffer): void => {
    if (path !== tfServing.paths.predict) return;
    const { modelSpec, inputs } = PredictRequest.decode(message);
    const tensor = inputs.get('image');
    assert.ok(modelSpec && tensor?.tensorShape);
    assert.equal(tensor.dtype, DATA_TYPE.DT_FLOAT);
    const shape = tensor.tensorShape.dim.map(({ size }) => size);
    const data = new Float32Array(new Uint8Array(tensor.tensorContent).buffer);
    this.#calls.push({ model: modelSpec.name, image: { shape, data } });
  };

  /** What a model was sent, in the order in which it came. */
  to(model: string): NdArray<Float32Array>[] {
    return this.#calls.filter((call) => call.model === model).map(({ image }) => image);
  }
}
