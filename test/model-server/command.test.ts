import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import { oneEndpoint } from '../adapters/model-server/one-endpoint.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

function start(context: TestContext, words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [main, 'model-server', ...words]);
  context.after(() => child.kill('SIGKILL'));
  return child;
}

test('serves the built-in models until it is told to stop', async (context) => {
  const child = start(context, ['--host', '127.0.0.1', '--port', '0']);
  assert.ok(child.stdout);
  const [line] = await once(child.stdout, 'data');
  const [, port] =
    /^listening on 127\.0\.0\.1:(\d+)\nmodels: NuclearSegmentation:6,/.exec(String(line)) ?? [];
  assert.ok(port, String(line));
  await using one = await oneEndpoint({ port: Number(port) });
  const signature = await one.endpoint.signature(
    { name: 'NuclearSegmentation', version: 6 },
    new AbortController().signal,
  );
  assert.deepEqual(
    signature.outputs.map(({ name }) => name),
    ['semantic_0', 'semantic_1'],
  );
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

for (const [words, message] of [
  [['--port', 'x'], /--port is "x", but must be a whole number/],
  [['--ports', '1'], /There are --host, --port/],
] as const) {
  test(`refuses ${words.join(' ')}`, async (context) => {
    const child = start(context, words);
    assert.ok(child.stderr);
    assert.match(await text(child.stderr), message);
    assert.equal(child.exitCode ?? (await once(child, 'exit'))[0], 1);
  });
}
