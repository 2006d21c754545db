import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { imageCommand } from '../../bench/harness/image-command.ts';

test('npm start gives Node and its allocator what the container image gives them', () => {
  const { nodeOptions, environment } = imageCommand();
  const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const allocator = Object.entries(environment).filter(([name]) => /^(MALLOC|GLIBC)_/.test(name));
  const words = allocator.map(([name, value]) => `${name}=${value}`);
  const expected = [...words, 'node', ...nodeOptions, 'bin/kiosk-redis-consumer.mjs'];
  assert.ok(words.length > 0 && nodeOptions.length > 0);
  assert.equal(manifest.scripts['start'], expected.join(' '));
});
