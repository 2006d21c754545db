import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobField } from '../../../src/job/job-field.ts';
import { fieldProblems } from '../../../src/flow/shape/field-shape.ts';
import { WORKFLOWS } from '../../../src/workflows/index.ts';

const words = { summary: 'Bins.', fallback: '4', example: '8' };
const bins = jobField.positive('bins', words);

test('fields that workflows declare have no problems', () => {
  assert.deepEqual(fieldProblems(undefined), []);
  assert.deepEqual(fieldProblems([bins]), []);
  assert.deepEqual(
    WORKFLOWS.flatMap(({ fields }) => fieldProblems(fields)),
    [],
  );
});

test('each that is misshapen is told, and what may be', () => {
  const misshapen = { ...bins, name: 'two words', accepts: true };
  assert.deepEqual(fieldProblems([misshapen]), [
    'Field "two words": name is the text "two words", but must be one word, such as least_size.',
    'Field "two words": accepts is true, but must be a function of the text that returns true or false.',
  ]);
});

test('two of one name, and names that programs write', () => {
  assert.deepEqual(fieldProblems([bins, bins]), ['Two of its fields are called bins.']);
  for (const name of ['status', 'output_url', 'claim_token', 'created_at'])
    assert.deepEqual(fieldProblems([jobField.positive(name, words)]), [
      `Field "${name}": programs write a field of this name themselves; call yours something else.`,
    ]);
});

test('an example that the field itself does not accept', () => {
  assert.deepEqual(fieldProblems([jobField.positive('bins', { ...words, example: 'many' })]), [
    'Field "bins": its example is "many", which it does not accept: it must be a number above 0.',
  ]);
});
