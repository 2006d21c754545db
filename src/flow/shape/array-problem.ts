import { isObject, whatIs } from './shape-rules.ts';

/** A value as authors call it: of arrays their kind, of what has a shape also that. */
export function inWords(value: unknown): string {
  if (isNumbers(value)) return `a ${value.constructor.name} of ${value.length} numbers`;
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) {
    return `a ${value.constructor.name}`;
  }
  if (!isObject(value)) return whatIs(value);
  const names = Object.keys(value);
  return names.length === 0 ? 'an object without members' : `an object of ${listed(names)}`;
}

const MOST_NAMES = 6;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length <= MOST_NAMES ? shown : `${shown} and ${names.length - MOST_NAMES} more`;
}

/**
 * What is wrong with a value that must be an array with its shape, as the end of a sentence: undefined if its
 * data are as many numbers as its shape says.
 */
export function arrayProblem(value: unknown): string | undefined {
  if (!isObject(value) || !('shape' in value && 'data' in value)) {
    return `${inWords(value)}, but needs an array: { shape: [rows, columns], data }.`;
  }
  const { shape, data } = value;
  if (!isNumbers(data)) {
    return `an array whose data are ${inWords(data)}, but must be numbers: a Float32Array, say.`;
  }
  if (!isShape(shape)) {
    return `an array whose shape is ${inList(shape)}, but must be a list of whole numbers.`;
  }
  const size = shape.reduce((product, axis) => product * axis, 1);
  return size === data.length
    ? undefined
    : `an array of shape [${shape.join(', ')}], which is ${size} numbers, but its data have ` +
        `${data.length}. Give the shape that the data have, axes of length 1 included.`;
}

/** Whether a value is meant as an array: it has data that are numbers, and a shape. */
export function isArrayLike(value: unknown): boolean {
  return isObject(value) && 'shape' in value && isNumbers(value['data']);
}

/** The element types that formats and kernels know. */
const NUMBERS = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
];

function isNumbers(value: unknown): value is InstanceType<(typeof NUMBERS)[number]> {
  return NUMBERS.some((kind) => value instanceof kind);
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((axis) => Number.isInteger(axis) && axis >= 0);
}

function inList(shape: unknown): string {
  return Array.isArray(shape) ? `[${shape.map(String).join(', ')}]` : whatIs(shape);
}
