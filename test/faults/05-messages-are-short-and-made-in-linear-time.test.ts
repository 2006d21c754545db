import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError, classify } from '../../src/errors.ts';

const MEGABYTE = 1_000_000;

function messageOf(text: string): string {
  return new KnownError('invalid_job', text).message;
}

test('a message that quotes a megabyte of blanks is made at once', () => {
  const start = performance.now();
  const message = messageOf(`input_file_name is "${' '.repeat(MEGABYTE)}".`);
  // With work that grows with the square of the length it took a quarter of an hour.
  assert.ok(performance.now() - start < 1000);
  assert.match(message, /^input_file_name is " +… \(9995\d\d characters left out\) … +"\.$/);
});

for (const [name, text] of [
  ['line feeds', '\n'.repeat(MEGABYTE)],
  ['blanks and line feeds', ' \n'.repeat(MEGABYTE / 2)],
  ['letters', 'x'.repeat(MEGABYTE)],
  ['control characters', '\0'.repeat(MEGABYTE)],
] as const) {
  test(`a megabyte of ${name} costs less than a second and leaves 500 characters at most`, () => {
    const start = performance.now();
    const { message } = classify(new Error(`before ${text} after`));
    assert.ok(performance.now() - start < 1000);
    assert.ok(message.length <= 500, `${message.length} characters`);
    assert.match(message, /^Internal error: before .*after$/);
  });
}
