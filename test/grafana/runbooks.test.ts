import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ALERTS } from '../../grafana/alerts.ts';

const RUNBOOKS = fileURLToPath(new URL('../../docs/runbooks/', import.meta.url));

test('each alert has a runbook, and each runbook an alert', () => {
  const pages = readdirSync(RUNBOOKS).map((name) => name.replace(/\.md$/, ''));
  assert.deepEqual(pages.toSorted(), ALERTS.map(({ name }) => name).toSorted());
});
