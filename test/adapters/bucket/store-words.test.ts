import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuSeconds } from '../../harness/processes/cpu-seconds.ts';
import { storeWords } from '../../../src/adapters/bucket/store-words.ts';

for (const [text, words] of [
  ['The bucket is gone.', 'The bucket is gone'],
  ['  Two\n  lines.  \n', 'Two lines'],
  ['<html><head><title>502</title><style>a{}</style></head><h1>No</h1></html>', 'No'],
  [
    'PUT https://storage.example/o?upload_id=SECRET&x=1 failed',
    'PUT https://storage.example/o?… failed',
  ],
  ['see <https://s3.example/a?X-Amz-Signature=SECRET>', 'see'],
  ['', ''],
] as const) {
  test(`${JSON.stringify(text)} becomes "${words}"`, () => assert.equal(storeWords(text), words));
}

test('at most 200 characters are kept', () => {
  const words = storeWords('word '.repeat(1000));
  assert.equal(words.length, 200);
  assert.ok(words.endsWith('…'));
});

test('a megabyte of blanks or of brackets is read in linear time', () => {
  const seconds = cpuSeconds(() => {
    for (const unit of [' ', '<', '\n ', '<style>', 'http://']) storeWords(unit.repeat(1_000_000));
  });
  // Minutes, if the work grew with the square of the length.
  assert.ok(seconds < 20, `${seconds} s`);
});
