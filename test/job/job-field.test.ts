import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobField } from '../../src/job/job-field.ts';

const words = { summary: 'What it is.', fallback: 'none', example: '1' };

test('a number must be above 0, and names its unit', () => {
  const field = jobField.positive('pixel_size', { ...words, unit: 'µm' });
  assert.equal(field.allowed, 'a number above 0, in µm');
  for (const text of ['0.5', '1e-3', '12']) assert.ok(field.accepts(text), text);
  for (const text of ['0', '-1', 'x', 'NaN', 'Infinity']) assert.ok(!field.accepts(text), text);
  assert.equal(jobField.positive('scale', words).allowed, 'a number above 0');
});

test('a choice is one of its words, in any case only where that is said', () => {
  const exact = jobField.choice('compartment', ['nuclear', 'both'], words);
  assert.equal(exact.allowed, 'one of nuclear, both');
  assert.deepEqual(
    ['nuclear', 'Nuclear', 'cell'].map((text) => exact.accepts(text)),
    [true, false, false],
  );
  const any = jobField.choice('order', ['XY'], { ...words, anyCase: true });
  assert.deepEqual(
    ['XY', 'xy', 'YX'].map((text) => any.accepts(text)),
    [true, true, false],
  );
});

test('a text is judged by what the field says', () => {
  const field = jobField.text('label', {
    ...words,
    allowed: 'a digit',
    accepts: (text) => /^\d$/.test(text),
  });
  assert.deepEqual(
    ['1', '12'].map((text) => field.accepts(text)),
    [true, false],
  );
});
