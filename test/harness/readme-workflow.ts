import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const README = new URL('../../README.md', import.meta.url);

/** The code of the workflow that the README shows. */
export async function readmeWorkflow(): Promise<string> {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(await readFile(README, 'utf8')) ?? [];
  assert.match(code, /defineWorkflow/);
  return code;
}
