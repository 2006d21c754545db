import type { ModelName, ModelSignature, TensorType } from '../../ports.ts';

/** One input of a call: rows one after the other, as views on the arrays of the requests that they come from. */
export interface BatchTensor {
  readonly name: string;
  /** What the elements are sent as. */
  readonly type: TensorType;
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

/** A float32 tensor as it came: axes `[row, ...]`. */
export interface ReplyTensor {
  readonly shape: readonly number[];
  /** Elements in C order, little endian: where possible a view on the message, wherever they lie in it. */
  readonly bytes: Uint8Array;
}

export interface BatchReply {
  /** By name. */
  readonly outputs: ReadonlyMap<string, ReplyTensor>;
  /** Frees the memory of the message; nobody may read the outputs afterwards. */
  readonly release?: () => void;
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
  /** Calls back whenever `endpoints`, or the reason why there are none, has changed. */
  onChange(listener: () => void): void;
  /** Undefined while the addresses are known; otherwise why not. */
  problem(): string | undefined;
  close(): Promise<void>;
}
