import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError, classify } from '../../src/errors.ts';
import { cpuSeconds } from '../harness/processes/cpu-seconds.ts';

const MEGABYTE = 1_000_000;
/** Work that grows with the square of the length took a quarter of an hour. */
const LINEAR_SECONDS = 20;

function messageOf(text: string): string {
  return new KnownError('invalid_job', text).message;
}

test('a message that quotes a megabyte of blanks is made at once', () => {
  let message = '';
  const seconds = cpuSeconds(() => {
    message = messageOf(`input_file_name is "${' '.repeat(MEGABYTE)}".`);
  });
  assert.ok(seconds < LINEAR_SECONDS, `${seconds} s`);
  assert.match(message, /^input_file_name is " +… \(9995\d\d characters left out\) … +"\.$/);
});

for (const [name, text] of [
  ['line feeds', '\n'.repeat(MEGABYTE)],
  ['blanks and line feeds', ' \n'.repeat(MEGABYTE / 2)],
  ['letters', 'x'.repeat(MEGABYTE)],
  ['control characters', '\0'.repeat(MEGABYTE)],
] as const) {
  test(`a megabyte of ${name} is read in linear time and leaves 500 characters at most`, () => {
    let message = '';
    const seconds = cpuSeconds(() => {
      ({ message } = classify(new Error(`before ${text} after`)));
    });
    assert.ok(seconds < LINEAR_SECONDS, `${seconds} s`);
    assert.ok(message.length <= 500, `${message.length} characters`);
    assert.match(message, /^Internal error: before .*after$/);
  });
}
