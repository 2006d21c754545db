import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importWithin } from '../../../src/consumer/authors/import-within.ts';

const moduleOf = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

test('a module is imported, and its error is passed on', async () => {
  const module = await importWithin(moduleOf('export default 5;'), 10_000);
  assert.equal((module as { readonly default: number }).default, 5);
  await assert.rejects(importWithin(moduleOf('throw new Error("no")'), 10_000), /^Error: no$/);
});

test('a module that waits for ever is given up', async () => {
  await assert.rejects(importWithin(moduleOf('await new Promise(() => {});'), 1), {
    code: 'bad_workflow',
    message: 'It is not loaded after 0.001 s. Does it wait for something at its top level?',
  });
});
