/* The outside world as the pipeline sees it: interfaces only. Their implementations live in adapters/. */
import type { NdArray } from './imaging/array.ts';
import type { Kernels } from './kernels.ts';

export type * from './ports/jobs.ts';

// ---------------------------------------------------------------------------------------------- time

export interface Clock {
  /** The time of day, for time stamps. */
  now(): Date;
  /** Milliseconds from an arbitrary start that never jump, for durations. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the reason of `signal` when that comes first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Model metadata for Python consumers, in the JSON form of the Kiosk. */
export interface MetadataCache {
  put(model: string, metadata: string, seconds: number): Promise<void>;
}

// ---------------------------------------------------------------------------------------------- objects

/** An object in a bucket, opened for reading. */
export interface StoredObject {
  /** Bytes, if the store tells before it sends them. */
  readonly size: number | undefined;
  /** Differs once the object has been overwritten; empty or absent where the store cannot tell. */
  readonly version?: string;
  /** The bytes, once. Ends with an error if they do not match the checksum that the store gives. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Bytes of an object from `start` up to, but not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Part of an object, opened for reading. */
export interface StoredRange {
  /** Bytes of the whole object. */
  readonly total: number;
  /** Differs once the object has been overwritten: that of the whole object. Empty where the store cannot tell. */
  readonly version: string;
  /**
   * The bytes of the range that the object has, once. No checksum covers a part: only their number
   * is checked.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface UploadOptions {
  readonly contentType: string;
  readonly signal: AbortSignal;
}

/**
 * One bucket. Keys are relative paths with `/`; a key that would leave the bucket's root is `forbidden_object`.
 * No operation retries by itself: each maps what went wrong to an error whose kind tells whether to.
 */
export interface Bucket {
  /** For example `gs://my-bucket`. */
  readonly url: string;
  /** Opens an object; `missing_object` if there is none. */
  open(key: string, signal: AbortSignal): Promise<StoredObject>;
  /**
   * Opens part of an object, which ends where the object ends. `missing_object` if it begins behind
   * that, but an empty object has a range from 0 on; `unsupported_file` where the store cannot serve
   * parts of the object.
   */
  openRange(key: string, range: ByteRange, signal: AbortSignal): Promise<StoredRange>;
  /** Streams an object into the bucket, readable for everybody where the store can, and returns its public URL. */
  upload(key: string, body: AsyncIterable<Uint8Array>, options: UploadOptions): Promise<string>;
  /** Removes an object; no error if there is none. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** The URL under which readers find an object. */
  publicUrl(key: string): string;
  /** The key inside this bucket that a full URL names, or the given key itself. */
  keyOf(keyOrUrl: string): string;
  close(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------- models

/** A served model: `NuclearSegmentation:6` names version 6. */
export interface ModelName {
  readonly name: string;
  readonly version: number;
}

/** Types of elements that are converted to and from float32; `other` for all that hold no such numbers. */
export type TensorType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'bool'
  | 'other';

/** An input or output of a model. An axis of -1 may have any length; the first axis is the batch. */
export interface TensorInfo {
  readonly name: string;
  readonly type: TensorType;
  /** What the server calls the type: `DT_STRING`. */
  readonly typeName?: string;
  /** Undefined if the model does not say how many axes there are. */
  readonly shape: readonly number[] | undefined;
}

export interface ModelSignature {
  /** In the order of their names, by plain string comparison. */
  readonly inputs: readonly TensorInfo[];
  /** In the order of their names; empty if the server does not tell. */
  readonly outputs: readonly TensorInfo[];
}

export interface PredictRequest {
  readonly model: ModelName;
  /** Tensors by input name, float32, axes `[row, ...]`; all with equally many rows. */
  readonly inputs: Readonly<Record<string, NdArray<Float32Array>>>;
  /** The outputs wanted; all of them if absent. */
  readonly outputs?: readonly string[];
  /**
   * The channels to keep of outputs `[tile, row, column, channel]`, by their names, ascending; those that an output
   * lacks are left out. Of outputs that are not named, or have other axes, everything is kept.
   */
  readonly channels?: ReadonlyMap<string, readonly number[]>;
  /** Who asks: requests of one job share its turn when servers are busy. */
  readonly job: string;
  /** The queue that the job is of: queues have turns first, and their jobs within them. */
  readonly queue: string;
  /** False for models whose rows depend on each other: the rows are sent as one request of their own. */
  readonly splittable: boolean;
  readonly signal: AbortSignal;
}

export interface Prediction {
  /** Tensors by output name, sorted by name, float32, axes `[row, ...]`, in shared memory. */
  readonly outputs: ReadonlyMap<string, NdArray<Float32Array>>;
  /** Calls that had to be repeated for these rows. */
  readonly retries: number;
  /**
   * Gives the memory of the outputs back for later predictions: whoever has read them may call it, and nobody may
   * read them afterwards. Fresh memory costs ten times the copy into it.
   */
  readonly release?: () => void;
}

export interface ModelServer {
  /** The inputs and outputs of a model, cached; `unknown_model` if the server has no such model. */
  signature(model: ModelName, signal: AbortSignal): Promise<ModelSignature>;
  /** Runs a model on rows. Splits, batches and retries as the server allows. */
  predict(request: PredictRequest): Promise<Prediction>;
  /**
   * Undefined while at least one server answers, or none was tried; otherwise why not. With a model: also why that
   * works on no server, though others may work.
   */
  problem(model?: ModelName): string | undefined;
  close(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------- compute

/** Kernels by name: functions of one argument that keep nothing between calls and do not write to their input. */
export type KernelTable = Readonly<Record<string, (input: never) => unknown>>;

export type KernelInput<Table extends KernelTable, Name extends keyof Table> = Parameters<
  Table[Name]
>[0];
export type KernelResult<Table extends KernelTable, Name extends keyof Table> = Awaited<
  ReturnType<Table[Name]>
>;

export interface ComputePool<Table extends KernelTable = Kernels> {
  /**
   * Runs a kernel on a worker thread, as soon as one is free. Arrays in shared memory are passed by reference
   * both ways, others are copied. An error of the kernel rejects this call alone. When `signal` fires, the call
   * rejects with its reason at once; a kernel that runs may read its input for a while yet. Queues take turns.
   */
  run<Name extends keyof Table & string>(
    kernel: Name,
    input: KernelInput<Table, Name>,
    signal: AbortSignal,
    queue?: string,
  ): Promise<KernelResult<Table, Name>>;
  /**
   * Bytes of temporary arrays that each thread may take whatever it runs. They are accounted for once, with
   * the thread: jobs reserve what their kernels need beyond. Absent: none.
   */
  readonly scratchBytes?: number;
  /** The names of all kernels. Rejects with `internal` if they cannot be loaded. */
  names(): Promise<readonly string[]>;
  /** Kernels that run and that wait for a thread. */
  load(): { readonly running: number; readonly waiting: number; readonly threads: number };
  close(): Promise<void>;
}
