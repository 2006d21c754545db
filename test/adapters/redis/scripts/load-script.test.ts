import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { RUN_FIELDS } from '../../../../src/job/known-fields.ts';
import { loadScript } from '../../../../src/adapters/redis/scripts/load-script.ts';

const FOLDER = 'src/adapters/redis/scripts';
const names = globSync(['*.lua', 'family/*.lua'], { cwd: FOLDER }).map((file) =>
  file.replace(/\.lua$/, ''),
);

test('puts each part in once, before what includes it', () => {
  const { text, sha } = loadScript('settle');
  assert.equal(text.includes('@include'), false);
  const definitions = [...text.matchAll(/^local function (\w+)/gm)].map(([, name]) => name);
  assert.equal(new Set(definitions).size, definitions.length);
  assert.ok(definitions.indexOf('is_hash') < definitions.indexOf('check_claim'));
  assert.equal(sha, createHash('sha1').update(text).digest('hex'));
});

test('loads every script of the folder, each of which says what it takes and gives', () => {
  assert.ok(names.length > 15);
  for (const name of names) {
    const { text } = loadScript(name);
    assert.match(text, /^--\[\[\n[\s\S]*?(KEYS|ARGV)[\s\S]*?\]\]\n/, name);
  }
});

test('knows the same fields of a run as everybody else', () => {
  const [, list = ''] = /^local OF_A_RUN = \{([^}]*)\}/m.exec(loadScript('open').text) ?? [];
  const listed = [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
  assert.deepEqual(listed.toSorted(), [...RUN_FIELDS].toSorted());
});
