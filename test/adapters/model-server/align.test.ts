import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignPayloads } from '../../../src/adapters/model-server/align.ts';

const LARGE = 4096;

/** A message of payloads of these lengths, each behind a header of so many bytes. */
function messageOf(payloads: readonly { readonly header: number; readonly length: number }[]): {
  readonly message: Buffer;
  readonly views: Uint8Array[];
  readonly expected: Uint8Array[];
} {
  const total = payloads.reduce((sum, { header, length }) => sum + header + length, 0);
  const message = Buffer.allocUnsafeSlow(total);
  for (let index = 0; index < total; index++) message[index] = (index * 31) % 251;
  let at = 0;
  const views = payloads.map(({ header, length }) => {
    at += header + length;
    return message.subarray(at - length, at);
  });
  return { message, views, expected: views.map((view) => Uint8Array.from(view)) };
}

for (const header of [5, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
  test(`a payload behind ${header} bytes`, () => {
    const { message, views, expected } = messageOf([{ header, length: LARGE }]);
    const [aligned] = alignPayloads(message, views);
    assert.ok(aligned);
    assert.deepEqual(Uint8Array.from(aligned), expected[0]);
    assert.equal(aligned.byteOffset % 8, 0);
  });
}

test('payloads with hardly a byte between them stay whole', () => {
  const { message, views, expected } = messageOf([
    { header: 16, length: LARGE + 1 },
    { header: 2, length: LARGE + 3 },
    { header: 2, length: LARGE },
    { header: 4, length: 10 },
  ]);
  const aligned = alignPayloads(message, views.toReversed()).toReversed();
  assert.deepEqual(
    aligned.map((view) => Uint8Array.from(view)),
    expected,
  );
});

test('small payloads stay where they are', () => {
  const { message, views } = messageOf([{ header: 9, length: 100 }]);
  assert.equal(alignPayloads(message, views)[0], views[0]);
});
