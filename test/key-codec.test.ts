import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeKey, encodeKey } from '../src/key-codec.ts';

test('leaves UTF-8 as it is', () => {
  for (const text of ['', 'image:a.tif:1', 'image:übung 漢 \u{1f52c}.tif']) {
    assert.equal(decodeKey(Buffer.from(text)), text);
    assert.deepEqual(encodeKey(text), Buffer.from(text));
  }
});

test('writes other bytes as Python does with surrogateescape', () => {
  // python3: b'na\xefve \xff\xe2\x82'.decode('utf8', 'surrogateescape')
  const bytes = Buffer.from([0x6e, 0x61, 0xef, 0x76, 0x65, 0x20, 0xff, 0xe2, 0x82]);
  assert.equal(decodeKey(bytes), 'na\udcefve \udcff\udce2\udc82');
});

test('gives every sequence of bytes back', () => {
  // All pairs, which hold every kind of broken sequence, behind a character of three bytes and before one of four.
  for (let first = 0x80; first < 0x100; first++) {
    for (let second = 0; second < 0x100; second++) {
      const bytes = Buffer.concat([
        Buffer.from('漢'),
        Buffer.from([first, second]),
        Buffer.from('\u{1f52c}'),
      ]);
      assert.deepEqual(encodeKey(decodeKey(bytes)), bytes);
    }
  }
});

test('encodes a surrogate that stands for no byte as Unicode does', () => {
  assert.deepEqual(encodeKey('a\ud800'), Buffer.from('a\ufffd'));
});
