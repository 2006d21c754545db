#!/usr/bin/env node
/*
 * The way in. `src/main.ts` is a link to this file, so that every way leads here, from Node 20 on. It is plain
 * JavaScript, because a Node that cannot run the program must be able to find one that can, or to say so; and
 * it imports nothing before it listens to signals: to the first process of a container a signal that nobody
 * listens to never comes.
 */
const NODE_MAJOR = 24;

endOnSignals();
endWithNpm();
if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) await startHere();
else await startOn(await findNode());

/** Ends at a signal as long as nobody else listens: there is nothing to lose yet. */
function endOnSignals() {
  const { 2: command = 'run' } = process.argv;
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15 })) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      process.exit(process.exitCode ?? (command === 'run' ? 0 : 128 + number));
    });
  }
}

/**
 * The shell in which npm runs a script does not pass signals on: with it gone, this process would go on unseen.
 * What starts programs without npm may well leave them to themselves.
 */
function endWithNpm() {
  if (process.env.npm_command === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 1000);
  timer.unref();
}

/**
 * Loads the program into this process: from its sources, or as it was packed. What Node compiles is kept beside
 * the packages, where that may be written: the next start takes half the time.
 */
async function startHere() {
  const { existsSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const { enableCompileCache } = await import('node:module');
  const packages = fileURLToPath(new URL('../node_modules/', import.meta.url));
  // A package that was installed beside its packages has no such folder, and gets none.
  if (existsSync(packages)) {
    const folder = `${packages}.cache/compiled`;
    enableCompileCache(folder);
    // For threads and processes that are started here: each would compile everything anew.
    process.env.NODE_COMPILE_CACHE ??= folder;
  }
  const sources = new URL('../src/start.ts', import.meta.url);
  const packed = new URL('../dist/start.js', import.meta.url);
  try {
    const { start } = await import((existsSync(sources) ? sources : packed).href);
    await start(process.argv.slice(2));
  } catch (error) {
    const missing = /^Cannot find package '([^']+)'/.exec(error?.message ?? '');
    if (missing === null) throw error;
    await giveUp(`The package ${missing[1]} is not installed.`);
  }
}

/**
 * Runs this file on another Node and ends as it ends. It gets a process group of its own, so that Ctrl-C
 * reaches it once, through here; and a channel, so that it ends when this process is killed.
 */
async function startOn(node) {
  const { spawn } = await import('node:child_process');
  const { fileURLToPath } = await import('node:url');
  const words = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(node, words, { stdio, detached: true });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => giveUp(`${node} cannot be started: ${error.message}.`));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const one of signals) process.removeAllListeners(one);
    process.kill(process.pid, signal);
  });
}

/** The Node that npm installed beside this package, because it is an optional dependency. */
async function findNode() {
  const { createRequire } = await import('node:module');
  const { dirname, join } = await import('node:path');
  const require = createRequire(import.meta.url);
  const system = `${process.platform}-${process.arch}`;
  for (const name of [`node-${system}`, `node-bin-${system}`]) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      return join(dirname(manifest), require(manifest).bin.node);
    } catch (error) {
      if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return giveUp(`It needs Node ${NODE_MAJOR}, and this is ${process.version}.`);
}

/** Says what is missing and what to do, and ends the process. */
async function giveUp(why) {
  const { existsSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const isCheckout = existsSync(new URL('../scripts/setup.mjs', import.meta.url));
  const command = isCheckout ? `"npm run setup" in ${root}` : '"npm install --include=optional"';
  process.stderr.write(
    `kiosk-redis-consumer cannot start. ${why} Run ${command}, which installs what is missing, or install ` +
      `Node ${NODE_MAJOR} from https://nodejs.org/.\n`,
  );
  process.exit(1);
}
