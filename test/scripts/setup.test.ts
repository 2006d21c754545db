import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

const NPM = `#!/bin/sh
echo "npm $*" >> npm.log
mkdir -p node_modules/.bin
cp package-lock.json node_modules/.package-lock.json
`;

interface Machine {
  readonly folder: string;
  /** Runs the set-up on this machine, which has nothing but what is in its `bin`. */
  setUp(
    words?: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): { readonly status: number | null; readonly said: string };
  lock(packages: Readonly<Record<string, object>>): void;
  /** True if npm ran since this was asked last. */
  npmRan(): boolean;
}

/** A project in a folder with a space in its name, on a machine with a recorder in place of npm. */
function freshMachine(t: TestContext): Machine {
  const parent = mkdtempSync(join(tmpdir(), 'set up '));
  t.after(() => rmSync(parent, { recursive: true }));
  const folder = join(parent, 'project');
  const bin = join(parent, 'bin');
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  mkdirSync(bin);
  cpSync(new URL('../../scripts/setup.mjs', import.meta.url), join(folder, 'scripts/setup.mjs'));
  addProgram(bin, 'npm', NPM);
  addProgram(bin, 'node', '#!/bin/sh\necho v24.9.0\n');
  const tools = dirname(spawnSync('which', ['mkdir'], { encoding: 'utf8' }).stdout.trim());
  for (const tool of ['mkdir', 'cp']) {
    addProgram(bin, tool, `#!/bin/sh\nexec ${join(tools, tool)} "$@"\n`);
  }
  return {
    folder,
    setUp(words = [], environment = {}) {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs', ...words], {
        cwd: folder,
        env: { PATH: bin, ...environment },
        encoding: 'utf8',
      });
      return { status, said: stderr };
    },
    lock(packages) {
      writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    },
    npmRan() {
      const ran = existsSync(join(folder, 'npm.log'));
      rmSync(join(folder, 'npm.log'), { force: true });
      return ran;
    },
  };
}

function addProgram(folder: string, name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  chmodSync(path, 0o755);
  return path;
}

describe('set-up of the dependencies', () => {
  it('installs them once, and again when the lock file changes', (t) => {
    const machine = freshMachine(t);
    machine.lock({ '': {}, 'node_modules/a': { version: '1.0.0' } });
    assert.equal(machine.setUp().status, 0);
    assert.ok(machine.npmRan());
    assert.deepEqual(machine.setUp(), { status: 0, said: '' });
    assert.ok(!machine.npmRan());
    machine.lock({ '': {}, 'node_modules/a': { version: '1.0.1' } });
    assert.equal(machine.setUp().status, 0);
    assert.ok(machine.npmRan());
  });

  it('does not wait for packages that belong on another machine', (t) => {
    const machine = freshMachine(t);
    const here = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] };
    machine.lock({});
    machine.setUp();
    machine.npmRan();
    machine.lock({ 'node_modules/a': { ...here, os: ['plan9'] } });
    machine.setUp();
    assert.ok(!machine.npmRan());
    machine.lock({ 'node_modules/a': here });
    machine.setUp();
    assert.ok(machine.npmRan());
  });

  it('installs what only development needs when it is needed, not to run the product', (t) => {
    const machine = freshMachine(t);
    const dev = { version: '1.0.0', dev: true };
    machine.lock({ 'node_modules/a': { version: '1.0.0' } });
    assert.match(machine.setUp(['--run-only']).said, /npm ci --omit=dev/);
    machine.npmRan();
    machine.lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': dev });
    assert.deepEqual(machine.setUp(['--run-only']), { status: 0, said: '' });
    assert.ok(!machine.npmRan());
    assert.equal(machine.setUp().status, 0);
    assert.ok(machine.npmRan());
  });

  it('says when npm failed, and when there is no Node that is new enough', (t) => {
    const machine = freshMachine(t);
    const bin = join(machine.folder, '../bin');
    machine.lock({ 'node_modules/a': { version: '1.0.0' } });
    addProgram(bin, 'node', '#!/bin/sh\necho v20.1.0\n');
    const old = machine.setUp();
    assert.equal(old.status, 1);
    assert.match(old.said, /Node 24; npm has no build of it .*\n.*found v20\.1\.0/);
    machine.lock({ 'node_modules/a': { version: '2.0.0' } });
    addProgram(bin, 'npm', '#!/bin/sh\nexit 3\n');
    const broken = machine.setUp();
    assert.equal(broken.status, 1);
    assert.match(broken.said, /npm ci --loglevel=error failed/);
  });
});

describe('set-up of Redis', () => {
  const ready = (t: TestContext): Machine => {
    const machine = freshMachine(t);
    machine.lock({});
    machine.setUp();
    return machine;
  };

  it('takes the server that REDIS_SERVER_BIN names, and no other', (t) => {
    const machine = ready(t);
    const program = addProgram(machine.folder, 'my redis', '#!/bin/sh\n');
    assert.equal(machine.setUp(['--redis'], { REDIS_SERVER_BIN: program }).status, 0);
    const { status, said } = machine.setUp(['--redis'], { REDIS_SERVER_BIN: '/nowhere' });
    assert.equal(status, 1);
    assert.match(said, /REDIS_SERVER_BIN is "\/nowhere"/);
  });

  it('takes valkey-server or redis-server from the path', (t) => {
    const machine = ready(t);
    addProgram(join(machine.folder, '../bin'), 'valkey-server', '#!/bin/sh\n');
    assert.deepEqual(machine.setUp(['--redis']), { status: 0, said: '' });
  });

  it('tells what to do where it cannot install one', (t) => {
    const { status, said } = ready(t).setUp(['--redis']);
    assert.equal(status, 1);
    assert.match(said, /apt-get install redis-server[^]*brew install redis[^]*docker run/);
  });

  it('is not asked for by commands that start none', (t) => {
    assert.deepEqual(ready(t).setUp(), { status: 0, said: '' });
  });
});
