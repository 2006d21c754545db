/*
 * Makes a fresh machine ready: runs before `npm start`, `npm test`, `npm run demo` and the like, and returns
 * at once when there is nothing to do. Plain JavaScript, because it must run on Node 20 before the pinned
 * Node 24 is installed.
 *
 * `--run-only`, first, leaves out what only development needs: two thirds of the time of a first install.
 * `--redis`, `--prometheus`, `--chromium`, `--tifffile` and `--onnxruntime` also look for these programs, for the commands that
 * need them.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const RUN_ONLY = '--run-only';
const root = fileURLToPath(new URL('..', import.meta.url));

/** What npm does not have: the names of the program, the variable that may hold its path, its Debian packages, and how else to get it. */
const PROGRAMS = {
  '--redis': {
    title: 'A Redis server',
    names: ['redis-server', 'valkey-server'],
    variable: 'REDIS_SERVER_BIN',
    packages: ['redis-server'],
    hints: [
      '  macOS            brew install redis',
      '  elsewhere        put redis-server or valkey-server on the PATH, or its path into REDIS_SERVER_BIN',
      '  with Docker      docker run --rm -it -v "$PWD":/project -w /project node:24-bookworm npm test',
    ],
  },
  '--prometheus': {
    title: 'Prometheus with promtool',
    names: ['promtool'],
    packages: ['prometheus'],
    hints: ['  elsewhere        put prometheus and promtool on the PATH'],
  },
  '--chromium': {
    title: 'Chromium',
    names: ['chromium', 'google-chrome'],
    variable: 'CHROMIUM_BIN',
    packages: ['chromium'],
    hints: ['  elsewhere        put chromium on the PATH, or its path into CHROMIUM_BIN'],
  },
  '--tifffile': {
    title: 'Python with tifffile, and unzip',
    names: ['unzip'],
    module: 'tifffile',
    packages: ['python3-tifffile', 'unzip'],
    hints: [],
  },
  // 300 MB: too large for a dependency.
  '--onnxruntime': { npm: 'onnxruntime-node@1.30.0', folder: 'node_modules/.cache/onnxruntime' },
};

setUp(process.argv.slice(2));

function setUp([...options]) {
  const isToRun = options[0] === RUN_ONLY;
  if (isToRun) options.shift();
  if (!dependenciesAreCurrent(isToRun)) installDependencies(isToRun);
  for (const option of options) {
    if (PROGRAMS[option].npm) installApart(PROGRAMS[option]);
    else if (!hasProgram(PROGRAMS[option])) installProgram(PROGRAMS[option]);
  }
}

/**
 * True if every package of package-lock.json that belongs on this machine is installed in that version; of
 * those that only development needs, if the product is not just to run.
 */
function dependenciesAreCurrent(isToRun) {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json') ?? {};
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (isToRun && (entry.dev || entry.devOptional)) ||
      (installed[path] ? installed[path].version === entry.version : mayBeAbsent(entry)),
  );
}

/** npm leaves out what is optional, unless it was made for this machine; the C library is not compared. */
function mayBeAbsent({ optional, peer, os, cpu, libc }) {
  if (peer) return true;
  const isForThisMachine =
    os && cpu && !libc && fits(process.platform, os) && fits(process.arch, cpu);
  return optional && !isForThisMachine;
}

function fits(value, allowed) {
  return [allowed].flat().includes(value);
}

function readPackages(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function installDependencies(isToRun) {
  const line = isToRun ? 'npm ci --omit=dev' : 'npm ci';
  say(`Installing the dependencies (${line}) ...`);
  run(`${line} --loglevel=error`, { stdout: 'inherit' });
  checkNode();
}

/** The scripts of package.json find `node` in node_modules/.bin first, where an optional dependency puts it. */
function checkNode() {
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8', env: environment() });
  const version = stdout?.trim();
  const major = Number(/^v(\d+)\./.exec(version ?? '')?.[1]);
  if (!(major >= NODE_MAJOR)) {
    fail(
      `This project runs on Node ${NODE_MAJOR}; npm has no build of it for ${process.platform} ${process.arch}`,
      `that works here (found ${version || 'none'}). Install Node ${NODE_MAJOR} from https://nodejs.org/.`,
    );
  }
  say(`The dependencies are installed; scripts run on Node ${version}.`);
}

function environment() {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path };
}

function hasProgram({ names, variable, module }) {
  const named = process.env[variable];
  if (named) {
    if (isProgram(named)) return true;
    fail(`${variable} is "${named}", which is not a program that can be run.`);
  }
  return names.some(isOnPath) && (module === undefined || hasModule(module));
}

/** Whether Debian's Python has a module. */
function hasModule(name) {
  return spawnSync('/usr/bin/python3', ['-c', `import ${name}`]).status === 0;
}

function isOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => isProgram(join(folder, name)));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installProgram({ title, packages, hints }) {
  const names = packages.join(' ');
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    fail(
      `${title} is needed and was not found. Install it and try again:`,
      `  Debian, Ubuntu   sudo apt-get install ${names}`,
      ...hints,
    );
  }
  say(`Installing ${names} (apt-get) ...`);
  run('apt-get -qq update', { stdout: 'ignore' });
  run(`apt-get -qq -y --no-install-recommends install ${names}`, { stdout: 'ignore' });
  say(`${names} is installed.`);
}

/** Installs a package of npm in a folder of its own, unless it is there in that version. */
function installApart({ npm, folder }) {
  const [, name, version] = /^(.+)@(.+)$/.exec(npm);
  const file = join(root, folder, 'node_modules', name, 'package.json');
  if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version) return;
  say(`Installing ${npm} into ${folder} ...`);
  // The libraries are in the package; its script would look for those of CUDA.
  run(`npm install --prefix ${folder} --ignore-scripts --no-save --loglevel=error ${npm}`, {
    stdout: 'ignore',
  });
}

/** Runs a command; on failure its own words on standard error are followed by ours, and this process ends. */
function run(line, { stdout }) {
  const [command, ...words] = line.split(' ');
  const { status, error } = spawnSync(command, words, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`${line} failed; see its words above.`);
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

function fail(...lines) {
  for (const line of lines) say(line);
  process.exit(1);
}
