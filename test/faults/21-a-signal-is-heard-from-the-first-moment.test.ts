import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../harness/processes/process-environment.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Says when the first file of the program after the way in is looked for: handlers are in place by then, or come too late. */
const MARK = `data:text/javascript,
  import { registerHooks } from 'node:module';
  let loading = false;
  registerHooks({ resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (!loading && /[/]src[/](?!main[.]ts)/.test(found.url)) {
      loading = true;
      process.stderr.write('loading' + String.fromCharCode(10));
    }
    return found;
  } });`;

/** As the first process of a namespace of its own, as in a container, where this user may make one. */
const FIRST_PROCESS = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const launcher =
  spawnSync('unshare', [...FIRST_PROCESS.slice(1), 'true']).status === 0 ? FIRST_PROCESS : [];

/** Accepts connections and never answers, as a Redis that hangs. */
const mute = createServer();

before(async () => {
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
});

after(() => mute.close());

function startConsumer(): ChildProcess {
  const address = mute.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const [program, ...words] = [...launcher, process.execPath, '--import', MARK, MAIN, 'run'];
  return spawn(program ?? '', words, {
    env: processEnvironment({
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(port),
      STORAGE_BUCKET: 'file:///tmp',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
    }),
    stdio: ['ignore', 'inherit', 'pipe'],
  });
}

/** The consumer itself: `unshare` does not pass signals on. */
function consumerOf({ pid = 0 }: ChildProcess): number {
  if (launcher.length === 0) return pid;
  const { stdout } = spawnSync('pgrep', ['--parent', String(pid)], { encoding: 'utf8' });
  return Number(stdout.trim());
}

for (const delayMs of [0, 100, 300]) {
  test(`SIGTERM ${delayMs} ms after the program begins to load ends it with exit code 0`, async () => {
    const child = startConsumer();
    const exited = once(child, 'exit');
    assert.ok(child.stderr);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('loading')) await once(child.stderr, 'data');
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    process.kill(consumerOf(child), 'SIGTERM');
    const lost = setTimeout(() => child.kill('SIGKILL'), 8000);
    const [code] = await exited;
    clearTimeout(lost);
    assert.equal(code, 0, said);
  });
}
