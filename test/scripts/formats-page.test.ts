import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblems, formatsPage } from '../../scripts/docs/formats-page.ts';
import { PNG } from '../../scripts/docs/formats/png.ts';

test('every file that a test reads is in the table, and every file of the table is there', () => {
  assert.deepEqual(formatProblems(), []);
});

test('a row without its file, and a file without a row, are problems', () => {
  const [first, ...others] = PNG.read;
  assert.ok(first);
  const renamed = { ...PNG, read: [{ ...first, files: ['nothing-of-this-name'] }, ...others] };
  const problems = formatProblems([renamed]);
  assert.ok(problems.some((problem) => /no file nothing-of-this-name of PNG/.test(problem)));
  assert.ok(problems.some((problem) => /grey-8: no row of PNG/.test(problem)));
});

test('the page says of each variant whether it is read', () => {
  const page = formatsPage();
  assert.match(page, /\| CMYK and YCCK \| refused: unsupported_file \| `refused-cmyk` \|/);
  assert.match(page, /\| palette of 1, 2, 4 and 8 bits \| read: the indices \|/);
  assert.match(page, /\| a Zeiss CZI file \| Export it as OME-TIFF/);
});
