import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknownFields } from '../../src/job/known-fields.ts';
import * as declared from '../../src/workflows/fields.ts';
import { WORKFLOWS } from '../../src/workflows/index.ts';

const FIELDS = WORKFLOWS.flatMap(({ fields = [] }) => fields);

test('the example of each field is a value that it takes', () => {
  assert.ok(FIELDS.length > 10);
  for (const { name, example, accepts } of FIELDS) assert.ok(accepts(example), name);
});

test('no workflow declares a field twice', () => {
  for (const { name, fields = [] } of WORKFLOWS) {
    const names = fields.map((field) => field.name);
    assert.equal(new Set(names).size, names.length, name);
  }
});

test('positions may be empty, but one or two must not be, and none stands behind the last', () => {
  const { CHANNELS, TISSUE_CHANNELS } = declared;
  for (const text of ['0', '0,', ',1', ',,2', 'DAPI,', '0,1,2,'])
    assert.ok(CHANNELS.accepts(text), text);
  for (const text of [',', ' ', '0,1,2,3']) assert.ok(!CHANNELS.accepts(text), text);
  for (const text of ['0,1', 'DAPI, CD45']) assert.ok(TISSUE_CHANNELS.accepts(text), text);
  for (const text of ['0', '0,', '0,1,2']) assert.ok(!TISSUE_CHANNELS.accepts(text), text);
});

test('consumers know each declared field, whichever queue they serve', () => {
  const hash = Object.fromEntries(FIELDS.map(({ name }) => [name, '1']));
  assert.deepEqual(unknownFields(hash, new Set()), []);
});
