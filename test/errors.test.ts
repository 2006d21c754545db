import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { ERROR_CATALOGUE, KnownError, classify } from '../src/errors.ts';
import { WORKFLOWS } from '../src/workflows/index.ts';

const SRC = new URL('../src/', import.meta.url);

const messageOf = (text: string): string => new KnownError('internal', text).message;

test('whatever is thrown becomes an error with words', () => {
  const nothing: unknown = Object.create(null);
  const odd = Object.assign(new Error(), { message: { toString: () => Object.create(null) } });
  const said = [undefined, 'x', new TypeError('y'), nothing, odd].map(
    (one) => classify(one).message,
  );
  const wordless = 'Internal error: something that cannot be put into words';
  assert.deepEqual(said, [
    'Internal error: undefined',
    'Internal error: x',
    'Internal error: y',
    wordless,
    wordless,
  ]);
});

test('a message is one line: lines are trimmed and joined by a blank', () => {
  assert.equal(messageOf('  one \r\n\n  two\u2028three\n'), 'one two three');
});

test('control characters cannot reach a terminal', () => {
  assert.equal(messageOf('file\u001b[2J\u0007\tname'), 'file\uFFFD[2J\uFFFD name');
});

test('a message of 500 characters stays whole; a longer one says how much is left out', () => {
  const whole = 'a'.repeat(250) + 'z'.repeat(250);
  assert.equal(messageOf(whole), whole);
  const longer = messageOf(`${whole}end`);
  assert.equal(
    longer,
    `${'a'.repeat(250)}${'z'.repeat(50)} … (63 characters left out) … ${'z'.repeat(137)}end`,
  );
});

test('a character of two code units is never cut in half', () => {
  const { message } = new KnownError('internal', `x${'🔬'.repeat(1000)}`);
  assert.ok(message.isWellFormed());
});

test('the user name and password of a URL are in no message', () => {
  assert.equal(
    messageOf('Cannot reach redis://admin:s3cr3t@redis:6379/0 or https://key@minio/.'),
    'Cannot reach redis://***@redis:6379/0 or https://***@minio/.',
  );
  assert.equal(messageOf('mail to //a b@c'), 'mail to //a b@c');
});

test('the remedy of invalid_job, to correct a field, is true wherever it is thrown: messages name the field', async () => {
  assert.match(ERROR_CATALOGUE.invalid_job.remedy, /field that the message names/);
  const fields = WORKFLOWS.flatMap((workflow) => workflow.fields ?? []).map(({ name }) => name);
  const named = new RegExp(`\\b(?:${[...fields, 'input_file_name', 'The field'].join('|')})\\b`);
  const places: string[] = [];
  for (const file of globSync('{flow,formats,imaging,intake,kernels,stages,workflows}/**/*.ts', {
    cwd: SRC,
  })) {
    const source = await readFile(new URL(file, SRC), 'utf8');
    for (const { index } of source.matchAll(/KnownError\(\s*'invalid_job'/g)) {
      places.push(file);
      // The message stands in the call, or in a variable above it.
      const around = source.slice(Math.max(0, index - 350), index + 250);
      const texts = around.match(/`[^`]*`|'[^'\n]*'/g) ?? [];
      assert.match(texts.join(' ').replaceAll("'invalid_job'", ''), named, `${file}: ${around}`);
    }
  }
  assert.ok(places.length > 10, places.join());
});
