import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNBOOK_LINKS, runbookRoutes } from '../../src/telemetry/runbooks.ts';
import { STATUS_PAGE } from '../../src/telemetry/status-page.ts';

test('every page that is linked to is served, and is the runbook of that name', async () => {
  const { reasons, codes, failed, bottlenecks } = RUNBOOK_LINKS;
  const names = [reasons, codes, bottlenecks].flatMap((links) => Object.values(links));
  const routes = runbookRoutes();
  assert.deepEqual(
    Object.keys(routes).toSorted(),
    [...new Set([...names, failed])].map((name) => `/runbooks/${name}`).toSorted(),
  );
  for (const [path, route] of Object.entries(routes)) {
    const { status, type, body } = await route();
    assert.equal(status, 200);
    assert.equal(type, 'text/plain; charset=utf-8');
    assert.ok(body.startsWith(`# ${path.slice('/runbooks/'.length)}\n`), path);
    assert.match(body, /## What to do/);
  }
});

test('the status page knows the links', () => {
  assert.ok(STATUS_PAGE.body.includes(JSON.stringify(RUNBOOK_LINKS)));
});
