import type { NdArray } from '../../imaging/array.ts';
import type { ModelName, ModelSignature } from '../../ports.ts';

/** One input of a call: rows one after the other, as views on the arrays of the requests that they come from. */
export interface BatchTensor {
  readonly name: string;
  /** `[row, ...]` */
  readonly shape: readonly number[];
  /** Consecutive elements in C order. */
  readonly parts: readonly Float32Array[];
}

/** One Predict call. */
export interface BatchCall {
  readonly model: ModelName;
  readonly inputs: readonly BatchTensor[];
  /** The outputs wanted; all of them if absent. */
  readonly outputs?: readonly string[];
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface BatchReply {
  /** Float32 tensors by name, axes `[row, ...]`; views on the message where that is possible. */
  readonly outputs: ReadonlyMap<string, NdArray<Float32Array>>;
}

/** One model server. Errors are KnownErrors; nothing is repeated. */
export interface Endpoint {
  /** For example `10.0.0.7:8500`: names it in facts. */
  readonly address: string;
  send(call: BatchCall): Promise<BatchReply>;
  /** The inputs and outputs of a model; `unknown_model` if the server has no such model. */
  signature(model: ModelName, signal: AbortSignal): Promise<ModelSignature>;
  /** Resolves if the server answers at all. */
  probe(signal: AbortSignal): Promise<void>;
}

/** The model servers that there are now. */
export interface EndpointSet {
  readonly endpoints: readonly Endpoint[];
  /** Calls back whenever `endpoints` has changed. */
  onChange(listener: () => void): void;
  /** Undefined while the addresses are known; otherwise why not. */
  problem(): string | undefined;
  close(): Promise<void>;
}
