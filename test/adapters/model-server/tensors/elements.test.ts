import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bytesOf,
  elementBytes,
  floatsOf,
} from '../../../../src/adapters/model-server/tensors/elements.ts';

const values = Float32Array.of(0, 1, -2.75, 100.6);

test('float32 travels as it lies in memory', () => {
  const bytes = bytesOf('float32', values.subarray(1));
  assert.equal(bytes.buffer, values.buffer);
  assert.equal(bytes.byteOffset, 4);
  assert.equal(floatsOf('float32', bytes).buffer, values.buffer);
});

test('bytes at odd places are copied', () => {
  const message = Uint8Array.from([9, ...new Uint8Array(values.buffer)]);
  const floats = floatsOf('float32', message.subarray(1));
  assert.deepEqual(floats, values);
  assert.notEqual(floats.buffer, message.buffer);
});

test('float16: rounded to 11 bits', () => {
  // From the definition of binary16: 1 is 3C00, -2.75 is C180, 100.6 rounds to 100.625, 564A.
  assert.deepEqual([...bytesOf('float16', values)], [0, 0, 0x00, 0x3c, 0x80, 0xc1, 0x4a, 0x56]);
  assert.deepEqual(
    floatsOf('float16', bytesOf('float16', values)),
    Float32Array.of(0, 1, -2.75, 100.625),
  );
});

test('integers: truncated', () => {
  assert.deepEqual([...new Int32Array(bytesOf('int32', values).buffer)], [0, 1, -2, 100]);
  assert.deepEqual([...new BigInt64Array(bytesOf('int64', values).buffer)], [0n, 1n, -2n, 100n]);
  assert.deepEqual(floatsOf('int64', bytesOf('int64', values)), Float32Array.of(0, 1, -2, 100));
});

test('bfloat16: the upper half of a float32, rounded to 8 bits', () => {
  // 1 is 3F80, -2.75 is C030, 100.6 is 42C93333 and rounds down to 42C9: 100.5.
  const bytes = bytesOf('bfloat16', values);
  assert.deepEqual([...new Uint16Array(bytes.buffer)], [0, 0x3f80, 0xc030, 0x42c9]);
  assert.deepEqual(floatsOf('bfloat16', bytes), Float32Array.of(0, 1, -2.75, 100.5));
});

test('bfloat16: ties go to the even neighbour, and what is not a number stays so', () => {
  const bits = Uint32Array.of(0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x7f80_0001, 0x7f7f_ffff);
  const halves = new Uint16Array(bytesOf('bfloat16', new Float32Array(bits.buffer)).buffer);
  assert.deepEqual([...halves], [0x3f80, 0x3f82, 0x3f81, 0x7fc0, 0x7f80]);
});

test('types that hold no numbers have no elements', () => {
  assert.equal(elementBytes('other'), undefined);
  assert.throws(() => bytesOf('other', values), RangeError);
  assert.throws(() => floatsOf('other', new Uint8Array(4)), RangeError);
});
