import assert from 'node:assert/strict';
import {
  DATA_TYPE,
  GetModelMetadataRequest,
  GetModelStatusRequest,
  PredictRequest,
  type Tensor,
} from '../../src/adapters/model-server/tf-serving/messages.ts';
import type { NdArray } from '../../src/imaging/array.ts';

const PREDICT = '/tensorflow.serving.PredictionService/Predict';

/** The requests of each method: all begin with the model. */
const REQUESTS = {
  Predict: PredictRequest,
  GetModelMetadata: GetModelMetadataRequest,
  GetModelStatus: GetModelStatusRequest,
} as const;

/** A server is probed by a question about a model of this name, which no server has. */
const PROBE = 'probe';

/** Keeps the tensors of the Predict calls that a model server gets, as they came over the wire. */
export class PredictRecorder {
  /** The models that any call was about, other than probes of the server. */
  readonly modelsAskedFor = new Set<string>();
  readonly #calls: { readonly model: string; readonly image: NdArray<Float32Array> }[] = [];

  readonly onRequest = (path: string, message: Buffer): void => {
    const asked = Object.entries(REQUESTS).find(([method]) => path.endsWith(`/${method}`))?.[1];
    const model = asked?.decode(message).modelSpec?.name ?? '';
    if (model !== PROBE) this.modelsAskedFor.add(model);
    if (path !== PREDICT) return;
    const { modelSpec, inputs } = PredictRequest.decode(message);
    const [tensor, second] = [...inputs.values()];
    assert.ok(tensor !== undefined, 'a tensor is sent');
    // Models of several inputs are compared by what they answer.
    if (second !== undefined) return;
    this.#calls.push({ model: modelSpec?.name ?? '', image: float32Tensor(tensor) });
  };

  /** Begins anew. */
  forget(): void {
    this.modelsAskedFor.clear();
    this.#calls.length = 0;
  }

  /** What a model was sent, call by call. */
  sentTo(model: string): NdArray<Float32Array>[] {
    return this.#calls.flatMap((call) => (call.model === model ? [call.image] : []));
  }
}

/** The elements of a tensor, which must be float32. */
function float32Tensor({
  dtype,
  tensorShape,
  tensorContent,
  floatVal,
}: Tensor): NdArray<Float32Array> {
  assert.equal(dtype, DATA_TYPE.DT_FLOAT);
  const shape = (tensorShape?.dim ?? []).map(({ size }) => size);
  const bytes = Uint8Array.from(Buffer.concat([tensorContent, ...floatVal]));
  const data = new Float32Array(bytes.buffer);
  assert.equal(
    data.length,
    shape.reduce((size, axis) => size * axis, 1),
  );
  return { shape, data };
}
