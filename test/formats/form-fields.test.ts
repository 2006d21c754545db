import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formFields } from '../../src/formats/form-fields.ts';

test('pairs are written as urlencode of Python writes them', () => {
  const pairs = [
    ['segmentation:a b/ü,c:d.tif:01', "Broken: 100% (a+b)? ~*'!_.-"],
    ['k', ''],
  ] as const;
  const byPython =
    'segmentation%3Aa+b%2F%C3%BC%2Cc%3Ad.tif%3A01=Broken%3A+100%25+%28a%2Bb%29%3F+~%2A%27%21_.-&k=';
  assert.equal(formFields(pairs), byPython);
});

test('no pairs are an empty text, and half a character does no harm', () => {
  assert.equal(formFields([]), '');
  assert.equal(formFields([['\ud800', 'x']]), '%EF%BF%BD=x');
});
