import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { entryNames } from '../../../src/formats/archive/entry-names.ts';

test('a name is stored as Python stores it, unless that would lead out of the folder', () => {
  const path = new URL('fixtures/python-names.json', import.meta.url);
  // Written by generate-names.py: a text for each text.
  const python = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, string>>;
  let compared = 0;
  for (const [asked, stored] of Object.entries(python)) {
    const [own] = entryNames([asked]);
    if (/(^|[/\\])\.\.([/\\]|$)/.test(stored) || stored === '' || stored === '.') continue;
    assert.equal(own, stored);
    compared++;
  }
  assert.ok(compared > 200, `${compared} names`);
});

const OUTSIDE: readonly (readonly [asked: string, stored: string])[] = [
  ['../../a.tif', 'a.tif'],
  ['/etc/passwd', 'etc/passwd'],
  ['b/../../a.tif', 'a.tif'],
  ['..\\..\\a.tif', 'a.tif'],
  ['b\\..\\..\\..\\a.tif', 'b\\a.tif'],
  ['x/..\\a.tif', 'x/a.tif'],
  ['b\\..', 'b'],
  ['..', 'unnamed'],
  ['.', 'unnamed'],
  ['', 'unnamed'],
  ['\0', 'unnamed'],
  ['a\0b.tif', 'ab.tif'],
];
for (const [asked, stored] of OUTSIDE) {
  test(`${JSON.stringify(asked)} stays inside the folder, as ${JSON.stringify(stored)}`, () => {
    assert.deepEqual(entryNames([asked]), [stored]);
  });
}

test('no two entries have one name, and the same list gives the same names', () => {
  const asked = ['s/a.tif', 's/a.tif', 's/2_a.tif', 's//a.tif', 'a.tif', './a.tif', 'A.tif'];
  const own = ['s/a.tif', 's/3_a.tif', 's/2_a.tif', 's/4_a.tif', 'a.tif', '2_a.tif', 'A.tif'];
  assert.deepEqual(entryNames(asked), own);
  const many = Array.from({ length: 20_000 }, () => 'a.tif');
  assert.equal(new Set(entryNames(many)).size, many.length);
});

test('a file with the name of a folder gets a number: no disk could hold both', () => {
  const asked = ['a', 'a/b', 'a/b/c.tif', 'd/e', '2_a/x', 'd/e/f/g.tif', 'd/e'];
  const own = ['3_a', 'a/2_b', 'a/b/c.tif', 'd/2_e', '2_a/x', 'd/e/f/g.tif', 'd/3_e'];
  assert.deepEqual(entryNames(asked), own);
});

test('a name that a zip cannot hold loses its beginning, not its ending', () => {
  const [name = ''] = entryNames([`${'ü'.repeat(40_000)}_feature_0.tif`]);
  assert.ok(Buffer.byteLength(name) <= 65_535);
  assert.match(name, /^ü+_feature_0\.tif$/);
});
