import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remarksOnFields } from '../../src/consumer/field-remarks.ts';
import { sampleJob } from '../harness/stages/job-in-flight.ts';

const remarks = remarksOnFields(new Set(['channels', 'scale']));

test('a field that no workflow reads is told, with the one that was probably meant', () => {
  const fields = { channel: '1', channels: '', status: 'new', zzzzzzzzzzzzzzzzzzzz: '1' };
  assert.deepEqual(remarks(sampleJob({ fields })), [
    'No workflow reads the field "channel" of the job. Did you mean channels?',
    'No workflow reads the field "zzzzzzzzzzzzzzzzzzzz" of the job.',
  ]);
});

test('parts of a job, and workflows that do not say what they read, have nothing to tell', () => {
  const fields = { channel: '1' };
  assert.deepEqual(remarks(sampleJob({ fields, parent: 'zip:1' })), []);
  assert.deepEqual(remarksOnFields(undefined)(sampleJob({ fields })), []);
});

test('of very many fields with very long names, a few are told in short', () => {
  const fields = Object.fromEntries(
    Array.from({ length: 1000 }, (_, n) => [`${'x'.repeat(5000)}${n}`, '1']),
  );
  const told = remarks(sampleJob({ fields }));
  assert.equal(told.length, 5);
  assert.ok((told[0] ?? '').length < 120);
});
