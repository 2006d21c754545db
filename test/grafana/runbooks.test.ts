import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ALERTS } from '../../grafana/alerts.ts';
import { COMMANDS } from '../../src/commands/commands.ts';

const RUNBOOKS = fileURLToPath(new URL('../../docs/runbooks/', import.meta.url));

test('each alert has a runbook, and each runbook an alert', () => {
  const pages = readdirSync(RUNBOOKS).map((name) => name.replace(/\.md$/, ''));
  assert.deepEqual(pages.toSorted(), ALERTS.map(({ name }) => name).toSorted());
});

const PAGES = readdirSync(RUNBOOKS).map(
  (name) => [name, readFileSync(join(RUNBOOKS, name), 'utf8')] as const,
);

test('each runbook says what to type', () => {
  for (const [name, page] of PAGES) {
    const [, remedy = ''] = page.split('## What to do');
    assert.match(remedy, /\b(?:kiosk-redis-consumer [a-z]|kubectl |redis-cli |curl )/, name);
  }
});

test('runbooks name commands, actions and options that there are', () => {
  const found = PAGES.flatMap(([name, page]) =>
    Array.from(
      page.matchAll(/kiosk-redis-consumer ([a-z][^`\n|]*)/g),
      ([, words = '']) => [name, words] as const,
    ),
  );
  assert.ok(found.length > 15);
  for (const [name, words] of found) {
    const [command = '', ...others] = words.trim().split(/\s+/);
    const known = COMMANDS.find((one) => one.name === command);
    assert.ok(known, `${name}: ${words}`);
    for (const option of others.filter((word) => word.startsWith('--'))) {
      assert.ok(Object.hasOwn(known.options, option.slice(2)), `${name}: ${words}`);
    }
  }
});
