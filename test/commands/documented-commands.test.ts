import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { type BuiltInModels, builtInModels } from '../../src/stand-in-server/built-in-models.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { documentedCommands, documentedScripts } from '../harness/documented-commands.ts';
import { processEnvironment } from '../harness/processes/process-environment.ts';
import { runCommand } from './run-command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const commands = documentedCommands(ROOT);
/** They run until they are told to stop. */
const SERVES = /(?:kiosk-redis-consumer|--|main\.ts) (?:run|model-server)\b/;

/** They start processes of their own, or are told to stop by a signal. */
const TAKES_SIGNALS = new Set(['local', 'model-server', 'run']);
/** A command without anything that only a shell understands. */
const PLAIN = /^kiosk-redis-consumer(?: (?:'[^']*'|[\w./:=,-]+))+$/;

let builtIn: BuiltInModels;
let deployment: Deployment;
/** A folder with images, as somebody who follows the page has one, and with the program as `npm link` installs it. */
let home: string;
let environment: NodeJS.ProcessEnv;

before(async () => {
  builtIn = builtInModels({ threads: 1 });
  deployment = await Deployment.open({
    models: builtIn.models,
    environment: { CONSUMER_TYPE: 'segmentation', QUEUE: 'segmentation' },
  });
  await deployment.startBeside({ CONSUMER_TYPE: 'zip' });
  home = await mkdtemp(join(tmpdir(), 'kiosk documented '));
  await fillHome();
  const { PATH = '' } = process.env;
  const others = PATH.split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  environment = processEnvironment({
    ...deployment.environment,
    HOME: home,
    PATH: [join(home, 'bin'), ...others].join(delimiter),
  });
});

after(async () => {
  await deployment.close();
  await builtIn.close();
  await rm(home, { recursive: true });
});

async function fillHome(): Promise<void> {
  await mkdir(join(home, 'bin'));
  await symlink(join(ROOT, 'bin/kiosk-redis-consumer.mjs'), join(home, 'bin/kiosk-redis-consumer'));
  const image = encodeTiff({ shape: [64, 64], data: new Float32Array(4096) });
  await mkdir(join(home, 'images'));
  for (const name of ['images/one.tif', 'a.tif', 'b.tif']) await writeFile(join(home, name), image);
  await mkdir(join(home, 'node_modules'));
  await symlink(
    join(ROOT, 'test/fakes/onnxruntime-node'),
    join(home, 'node_modules/onnxruntime-node'),
  );
  // Its bytes are for the real one.
  await writeFile(join(home, 'model.onnx'), '');
}

/** Pages ask for jobs and dead letters that do not exist here. Those of one line: others may take them away. */
async function submitKeysOf(line: string): Promise<void> {
  for (const [, key = ''] of line.matchAll(/\s'?([a-z]+:[^\s']+)/g)) {
    const status = / retry /.test(line) ? 'failed' : 'done';
    const fields = { status, input_file_name: 'uploads/a.tif' };
    await deployment.redis.hset(key, fields);
    if (/ cancel /.test(line)) {
      await deployment.redis.hset(key, { ...fields, status: 'new' });
      await deployment.redis.lpush(key.split(':', 1)[0] ?? '', key);
    }
    if (!line.includes('dead-letters')) continue;
    await deployment.redis.zadd('kiosk:dead-letters:segmentation', '0', key);
    await deployment.redis.hset(`kiosk:dead-letter:segmentation:${key}`, fields);
  }
}

function start(line: string): ChildProcess {
  // A port of this machine may be taken; what `run` needs is said in a comment of its example.
  const typed = line.replace(/--port \d+/, '--port 0');
  const isInProject = /^(?:npx|npm|node) /.test(line);
  return spawn('bash', ['-c', `set -eo pipefail; ${typed}`], {
    cwd: isInProject ? ROOT : home,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The signal goes to everything that bash has started.
    detached: true,
  });
}

/** The words of a line that needs no shell and no process of its own. */
function plainWords(line: string): string[] | undefined {
  if (!PLAIN.test(line)) return undefined;
  const [, ...words] = Array.from(line.matchAll(/'[^']*'|\S+/g), ([word]) =>
    word.replaceAll("'", ''),
  );
  return TAKES_SIGNALS.has(words[0] ?? '') ? undefined : words;
}

/** Commands that a shell has run: another line with the same command shows that its words are right, not that it starts. */
const typed = new Set<string>();

async function runAsShown(line: string): Promise<{ code: number | null; said: string }> {
  const words = plainWords(line.trim());
  const [name = ''] = words ?? [];
  if (words === undefined || !typed.has(name)) {
    typed.add(name);
    return runToItsEnd(line);
  }
  const { code, stdout, stderr } = await runCommand(words, deployment.environment, home);
  return { code, said: stdout + stderr };
}

async function runToItsEnd(line: string): Promise<{ code: number | null; said: string }> {
  const child = start(line);
  let said = '';
  let stopped = false;
  const hear = (chunk: Buffer): void => {
    said += chunk.toString();
    if (stopped || !SERVES.test(line) || !/listening on|Taking jobs from/.test(said)) return;
    stopped = true;
    process.kill(-(child.pid ?? 0), 'SIGINT');
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  await once(child, 'close');
  return { code: child.exitCode, said };
}

test('the pages show commands', (t) => {
  assert.ok(commands.length > 10, commands.map(({ line }) => line).join('\n'));
  const { stdout } = spawnSync('node', ['--version'], { env: environment, encoding: 'utf8' });
  t.diagnostic(`The commands run on Node ${stdout.trim()}.`);
});

for (const { page, line } of commands) {
  test(`${page}: ${line.trim()}`, async () => {
    await submitKeysOf(line);
    const { code, said } = await runAsShown(line);
    assert.equal(code, 0, said);
    assert.doesNotMatch(said, /^\s+at .*\(?(?:node:|file:)/m);
  });
}

test('a page names no script that package.json does not have', async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const missing = documentedScripts(ROOT).filter(([, script]) => !(script in scripts));
  assert.deepEqual(missing, []);
});

test('without a Node that is new enough, the program says what to do', async () => {
  const alone = await mkdtemp(join(tmpdir(), 'kiosk-alone-'));
  await mkdir(join(alone, 'bin'));
  const launcher = await readFile(join(ROOT, 'bin/kiosk-redis-consumer.mjs'), 'utf8');
  // Whatever Node this is: one that is older than the program needs.
  await writeFile(
    join(alone, 'bin/main.mjs'),
    launcher.replace('NODE_MAJOR = 24', 'NODE_MAJOR = 99'),
  );
  const { status, stderr } = spawnSync('node', [join(alone, 'bin/main.mjs'), 'doctor'], {
    env: environment,
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /^kiosk-redis-consumer cannot start\. It needs Node 99, and this is v\d+/);
  assert.match(stderr, /Run "npm install --include=optional".*or install Node 99 from/);
  assert.equal(stderr.trim().split('\n').length, 1);
  await rm(alone, { recursive: true });
});
