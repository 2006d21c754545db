import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NAME = 'kiosk-redis-consumer';
/** An empty folder into which the package was installed. */
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk package '));
  const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
  const archive = packed.stdout.trim().split('\n').at(-1) ?? '';
  await mkdir(join(folder, 'node_modules', NAME), { recursive: true });
  const place = ['-C', join(folder, 'node_modules', NAME), '--strip-components', '1'];
  run('tar', ['-xzf', join(folder, archive), ...place]);
  await linkDependencies();
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const [, workflow = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  await writeFile(join(folder, 'bright-nuclei.ts'), workflow);
  await cp(join(ROOT, 'examples', 'workflows'), folder, { recursive: true });
});

after(() => rm(folder, { recursive: true }));

/** The packages that npm would install, without asking a registry for them. */
async function linkDependencies(): Promise<void> {
  for (const entry of await readdir(join(ROOT, 'node_modules'))) {
    if (entry.startsWith('.')) continue;
    await symlink(join(ROOT, 'node_modules', entry), join(folder, 'node_modules', entry));
  }
}

function run(
  command: string,
  words: readonly string[],
  { cwd = folder, environment = {} }: { cwd?: string; environment?: NodeJS.ProcessEnv } = {},
): SpawnSyncReturns<string> {
  const env = { ...process.env, ...environment };
  const ended = spawnSync(command, words, { cwd, env, encoding: 'utf8' });
  assert.equal(ended.status, 0, ended.stdout + ended.stderr);
  return ended;
}

/** Runs the installed program on the Node of this machine, which may be older than ours. */
function runInstalled(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const PATH = folders.filter((path) => !path.endsWith('node_modules/.bin')).join(delimiter);
  const bin = join(folder, 'node_modules', NAME, 'bin', `${NAME}.mjs`);
  return run('node', [bin, ...words], { environment: { PATH, ...environment } }).stdout;
}

test('the package runs where it is installed', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  assert.equal(runInstalled(['version']).trim(), version);
  assert.match(runInstalled(['--help']), /doctor/);
});

test('it holds no sources, tests or tools', async () => {
  const found = await readdir(join(folder, 'node_modules', NAME));
  // Node keeps there what it has compiled.
  const files = found.filter((name) => name !== 'node_modules');
  assert.deepEqual(files.toSorted(), [
    'LICENSE',
    'README.md',
    'bin',
    'deploy',
    'dist',
    'docs',
    'package.json',
  ]);
});

test('it loads a workflow of its user', () => {
  const shown = runInstalled(['check-config'], {
    WORKFLOW_MODULES: join(folder, 'bright-nuclei.ts'),
    CONSUMER_TYPE: 'bright-nuclei',
    STORAGE_BUCKET: 'file:///tmp',
  });
  assert.match(shown, /BRIGHT_MODEL/);
});

test('it runs the examples, all in one process', async () => {
  const files = await readdir(join(ROOT, 'examples', 'workflows'));
  const modules = files.filter((file) => /\.(ts|yaml)$/.test(file));
  const shown = runInstalled(['check-config'], {
    WORKFLOW_MODULES: modules.map((file) => join(folder, file)).join(','),
    CONSUMERS: modules.map((file) => file.replace(/\.\w+$/, '')).join(','),
    STORAGE_BUCKET: 'file:///tmp',
  });
  for (const file of modules)
    assert.match(shown, new RegExp(`^# ${file.split('.')[0]}, jobs`, 'm'));
  assert.equal(modules.length, 4);
});

test('its kernels run on threads', async () => {
  const script = `
    import { ThreadPool } from '${NAME}/pool';
    const kernelsUrl = new URL('node_modules/${NAME}/dist/kernels.js', import.meta.url);
    const pool = new ThreadPool({ threads: 1, kernelsUrl });
    const image = { shape: [4, 4], data: new Float32Array(16) };
    const bytes = await pool.run('encodeTiff', image, AbortSignal.timeout(20_000));
    console.log(bytes.length > 64);
    await pool.close();`;
  const pool = `./node_modules/${NAME}/dist/adapters/compute/thread-pool.js`;
  await writeFile(join(folder, 'kernel.mjs'), script.replace(`${NAME}/pool`, pool));
  assert.equal(run(process.execPath, ['kernel.mjs']).stdout, 'true\n');
});

test('a new workflow compiles and its test is green', () => {
  runInstalled(['workflow', 'new', 'my-workflow']);
  const cwd = join(folder, 'my-workflow');
  run(join(ROOT, 'node_modules/.bin/tsc'), ['--project', '.'], { cwd });
  // With it, a run within a run says nothing.
  const environment = { NODE_TEST_CONTEXT: undefined };
  const { stdout } = run(process.execPath, ['--test'], { cwd, environment });
  assert.match(stdout, /pass 1\b/);
});

test('its declarations compile in a strict project that has nothing else', async () => {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    // As `tsc --init` has them.
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
  };
  const settings = { compilerOptions, include: ['*.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  run(join(ROOT, 'node_modules/.bin/tsc'), ['--project', '.']);
});
