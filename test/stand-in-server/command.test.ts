import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { oneEndpoint } from '../adapters/model-server/one-endpoint.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

interface Started {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** The exit code and signal, once it has ended. */
  readonly exit: Promise<unknown[]>;
}

function start(context: TestContext, words: readonly string[]): Started {
  const child = spawn(process.execPath, [main, 'model-server', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  context.after(() => child.kill('SIGKILL'));
  return { process: child, exit: once(child, 'exit') };
}

test('serves the built-in models until it is told to stop', async (context) => {
  const { process: server, exit } = start(context, ['--host', '127.0.0.1', '--port', '0']);
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const { value: first } = await lines.next();
  const [, port] = /^listening on 127\.0\.0\.1:(\d+)$/.exec(String(first)) ?? [];
  assert.ok(port, String(first));
  assert.match(String((await lines.next()).value), /^models: NuclearSegmentation:6, /);
  await using one = await oneEndpoint({ port: Number(port) });
  const signature = await one.endpoint.signature(
    { name: 'NuclearSegmentation', version: 6 },
    new AbortController().signal,
  );
  assert.deepEqual(
    signature.outputs.map(({ name }) => name),
    ['semantic_0', 'semantic_1'],
  );
  server.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
});

for (const [words, message] of [
  [['--port', 'x'], /--port is "x", but must be a whole number/],
  [['--ports', '1'], /There are --onnx, --workflow, --host, --port/],
  [['--onnx', 'a.onnx'], /--onnx is "a\.onnx", but must be MODEL:VERSION=FILE, as in /],
] as const) {
  test(`refuses ${words.join(' ')}`, async (context) => {
    const { process: server, exit } = start(context, words);
    assert.match(await text(server.stderr), message);
    assert.deepEqual(await exit, [2, null]);
  });
}
