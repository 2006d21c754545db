import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { KnownError } from '../../errors.ts';

/* The part of onnxruntime-node that we use. It is no dependency: whoever has ONNX files installs it. */

export interface OnnxRuntime {
  readonly InferenceSession: {
    create(file: string, options: Readonly<Record<string, unknown>>): Promise<OnnxSession>;
  };
  readonly Tensor: new (
    type: string,
    data: Float32Array | Uint16Array,
    dims: readonly number[],
  ) => OnnxTensor;
}

export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  /** A typed array for numbers; float16 comes as Float16Array or as its bits in a Uint16Array. */
  readonly data: unknown;
}

export interface OnnxSession {
  readonly inputMetadata: readonly OnnxInfo[];
  readonly outputMetadata: readonly OnnxInfo[];
  /** Computes on the calling thread, whatever its promise suggests. */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
  ): Promise<Readonly<Partial<Record<string, OnnxTensor>>>>;
}

/** An input or output as the file declares it. */
export interface OnnxInfo {
  readonly name: string;
  /** False for sequences and maps, which have neither type nor shape. */
  readonly isTensor: boolean;
  readonly type?: string;
  /** Axes of any length have a name instead, which may be empty. */
  readonly shape?: readonly (number | string)[];
}

const PACKAGE = 'onnxruntime-node';

/**
 * The URL of the module of onnxruntime-node: beside this program, or else in the folder of the user.
 * `bad_usage` if it is in neither.
 */
export function findOnnxRuntime(folder = process.cwd()): string {
  for (const from of [import.meta.url, pathToFileURL(join(folder, 'package.json'))]) {
    try {
      return pathToFileURL(createRequire(from).resolve(PACKAGE)).href;
    } catch {
      // Not here.
    }
  }
  throw new KnownError(
    'bad_usage',
    `ONNX files need ${PACKAGE}, which is not installed. In the folder "${folder}": npm install ${PACKAGE} (300 MB).`,
  );
}
