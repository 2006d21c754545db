import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeCsv } from '../../src/formats/csv.ts';

test('lines end and fields are quoted as Python does by default', () => {
  const bytes = writeCsv(['x', 'with, comma', 'with "quote"'], [[1.5, 0, 'two\nlines']]);
  const byPython = 'x,"with, comma","with ""quote"""\r\n1.5,0,"two\nlines"\r\n';
  assert.equal(new TextDecoder().decode(bytes), byPython);
});

test('a table without rows is its header', () => {
  assert.equal(new TextDecoder().decode(writeCsv(['x', 'y'], [])), 'x,y\r\n');
});
