import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { processEnvironment } from '../harness/processes/process-environment.ts';

const STOPPING = new URL('../../src/consumer/stopping.ts', import.meta.url).href;

/** A consumer that has nothing more to do, but something is still open: it would never end by itself. */
const PROGRAM = `
  const { Stopping } = await import(${JSON.stringify(STOPPING)});
  const log = { error: (fields, words) => console.log(words) };
  setInterval(() => {}, 1000);
  new Stopping({ log, graceMs: 0, jobsInWork: () => undefined }).endSoon(3);
`;

test('once the consumer has ended, the process does too, with its exit code, whatever does not close', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env: processEnvironment({}),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 30_000);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'close');
  clearTimeout(watchdog);
  assert.equal(code, 3);
  assert.match(said, /^Something does not end: ending now/);
});
