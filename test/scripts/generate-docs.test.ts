import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { errorsPage } from '../../scripts/docs/errors-page.ts';
import { stalePages } from '../../scripts/generate-docs.ts';
import { ERROR_CATALOGUE } from '../../src/errors.ts';

function page(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'PAGE.md');
  writeFileSync(file, text);
  return file;
}

describe('generated pages', () => {
  it('are stale when their text is not what the code says', (t) => {
    const file = page(t, 'old');
    assert.match(stalePages([{ file, render: () => 'new' }]).join(), /PAGE\.md is out of date/);
  });

  it('are stale when they are missing', () => {
    assert.equal(stalePages([{ file: '/nowhere/PAGE.md', render: () => 'new' }]).length, 1);
  });

  it('are fresh when they are what the code makes of them', (t) => {
    const file = page(t, 'kept, made');
    const render = (current: string): string => current.replace(/, .*/, ', made');
    assert.deepEqual(stalePages([{ file, render }]), []);
  });
});

it('the page of errors lists each code of the catalogue once, and no other', () => {
  const headings = [...errorsPage().matchAll(/^### (\S+)$/gm)].map(([, code]) => code);
  assert.deepEqual(headings.toSorted(), Object.keys(ERROR_CATALOGUE).toSorted());
});
