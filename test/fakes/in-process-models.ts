import type { NdArray } from '../../src/imaging/array.ts';
import type { Prediction, PredictRequest } from '../../src/ports.ts';
import { InProcessModels as Models } from '../../src/testing/in-process-models.ts';

/** Serves models without a network, and keeps what it was asked. */
export class InProcessModels extends Models {
  readonly requests: Readonly<Record<string, NdArray<Float32Array>>>[] = [];

  override predict(request: PredictRequest): Promise<Prediction> {
    this.requests.push(request.inputs);
    return super.predict(request);
  }
}
