import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownFields } from '../../src/job/known-fields.ts';
import { WORKFLOWS } from '../../src/workflows/index.ts';

test('what the web page and consumers write is known', () => {
  const fields = {
    original_name: 'a.tif',
    channels: '0,',
    cuts: '0',
    claim_token: '1',
    dim_order: 'CYX',
  };
  assert.deepEqual(unknownFields(fields, new Set()), []);
});

test('what a workflow declares is known, what nobody reads is not, and an empty field says nothing', () => {
  const fields = { channel: '1', threshold: '0.5', nothing: ' ' };
  assert.deepEqual(unknownFields(fields, new Set(['threshold'])), ['channel']);
});

test('the fields that the built-in workflows read are known without them', () => {
  const declared = WORKFLOWS.flatMap(({ fields = [] }) => fields.map(({ name }) => name));
  assert.ok(declared.length > 10);
  const all = Object.fromEntries(declared.map((name) => [name, '1']));
  assert.deepEqual(unknownFields(all, new Set()), []);
});
