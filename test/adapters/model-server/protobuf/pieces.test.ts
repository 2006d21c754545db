import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  delimited,
  join,
  payloadOf,
} from '../../../../src/adapters/model-server/protobuf/pieces.ts';

describe('delimited', () => {
  test('writes tag, length and payload', () => {
    // Field 5 of wire type 2; a length of 300 is AC 02 in base 128 (protobuf's own example).
    const message = join(delimited(5, [new Uint8Array(299), Uint8Array.of(9)]));
    assert.equal(message.length, 303);
    assert.deepEqual([...message.subarray(0, 3)], [0x2a, 0xac, 0x02]);
    assert.equal(message.at(-1), 9);
  });

  test('writes tags of fields above 15 in two bytes', () => {
    assert.deepEqual([...join(delimited(16, []))], [0x82, 0x01, 0x00]);
  });
});

describe('join', () => {
  for (const head of [0, 1, 5, 8]) {
    test(`copies payloads out of shared memory behind ${head} bytes`, () => {
      const rows = new Float64Array(new SharedArrayBuffer(4 * 8)).map((_, at) => at / 7);
      const payload = new Uint8Array(rows.buffer, 8);
      const message = join([
        new Uint8Array(head).fill(1),
        payload,
        new Uint8Array(0),
        Uint8Array.of(2),
      ]);
      assert.deepEqual([...message], [...new Uint8Array(head).fill(1), ...payload, 2]);
    });
  }
});

describe('a payload', () => {
  test('copies itself behind the head of a frame', () => {
    const payload = payloadOf([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    const frame = Buffer.alloc(10, 9);
    payload.copy(frame, 5);
    assert.equal(payload.length, 3);
    assert.deepEqual([...frame], [9, 9, 9, 9, 9, 1, 2, 3, 9, 9]);
  });
});
