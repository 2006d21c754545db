import type { ModelSignature, TensorInfo, TensorType } from '../../../ports.ts';

/** TensorFlow's names of the element types that we tell apart. */
const TYPE_NAMES: Readonly<Record<Exclude<TensorType, 'other'>, string>> = {
  float32: 'DT_FLOAT',
  float16: 'DT_HALF',
  float64: 'DT_DOUBLE',
  int32: 'DT_INT32',
  int64: 'DT_INT64',
  uint8: 'DT_UINT8',
  string: 'DT_STRING',
};

const TYPES = new Map<unknown, TensorType>(
  (Object.entries(TYPE_NAMES) as [TensorType, string][]).map(([type, name]) => [name, type]),
);

/**
 * The inputs of a signature as the Python consumer keeps them in Redis: a map of TensorInfo by input name in the JSON
 * form of protobuf, in which 64-bit sizes are strings.
 */
export function writeSignature({ inputs }: ModelSignature): string {
  const entries = inputs.map(({ name, type, shape }) => [
    name,
    {
      dtype: type === 'other' ? 'DT_INVALID' : TYPE_NAMES[type],
      tensorShape: { dim: shape.map((size) => ({ size: String(size) })) },
      name: `serving_default_${name}:0`,
    },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** Reads what `writeSignature` or the Python consumer wrote; undefined if it is something else. The outputs are unknown. */
export function readSignature(json: string): ModelSignature | undefined {
  const parsed = parse(json);
  if (!isRecord(parsed)) return undefined;
  const inputs: TensorInfo[] = [];
  for (const name of Object.keys(parsed).sort()) {
    const input = readInput(name, parsed[name]);
    if (input === undefined) return undefined;
    inputs.push(input);
  }
  return inputs.length === 0 ? undefined : { inputs, outputs: [] };
}

function readInput(name: string, info: unknown): TensorInfo | undefined {
  if (!isRecord(info) || !isRecord(info['tensorShape'])) return undefined;
  const { dim } = info['tensorShape'];
  if (!Array.isArray(dim)) return undefined;
  const shape = dim.map((axis: unknown) =>
    isRecord(axis) ? Number(axis['size'] ?? 0) : Number.NaN,
  );
  if (!shape.every(Number.isInteger)) return undefined;
  return { name, type: TYPES.get(info['dtype']) ?? 'other', shape };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // written by somebody else: not ours to complain about
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
