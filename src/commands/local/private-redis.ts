import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { variablesBut } from '../../config/load.ts';
import { KnownError } from '../../errors.ts';

/** A Redis of our own. */
export interface PrivateRedis {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts the Redis of this machine on a free port, for this machine alone and without anything on disk. It is out of reach of Ctrl-C,
 * and ends when this process does, however that ends: a shell watches our end of its input. `bad_usage` if there is no such program.
 */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  const program = redisProgram();
  if (program === undefined) throw missing();
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-redis-'));
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const nothingOnDisk = ['--save', '', '--appendonly', 'no'];
  const script = '"$0" "$@" </dev/null & redis=$!; cat >/dev/null; kill $redis; wait $redis';
  const shell = spawn('/bin/sh', ['-c', script, program, ...options, ...nothingOnDisk], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  await untilReady(shell);
  return {
    port,
    async close() {
      const isOver = shell.exitCode !== null || shell.signalCode !== null;
      const exit = isOver ? undefined : once(shell, 'exit');
      shell.stdin?.end();
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function untilReady(shell: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    shell.stdout?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (said.includes('Ready to accept connections')) resolve();
    });
    shell.once('error', reject);
    // Its server is over, or the shell would still wait for our end of its input.
    shell.stdout?.once('end', () => reject(new Error(`redis-server ended: ${said}`)));
  });
}

/** REDIS_SERVER_BIN, or the first server on the path. */
function redisProgram(): string | undefined {
  const { REDIS_SERVER_BIN: named, PATH: path = '' } = variablesBut(/^$/);
  if (named) return named;
  const programs = path
    .split(delimiter)
    .flatMap((folder) => ['redis-server', 'valkey-server'].map((name) => join(folder, name)));
  return programs.find((file) => existsSync(file));
}

function missing(): KnownError {
  return new KnownError(
    'bad_usage',
    'local needs the program redis-server, which it starts and ends itself. Debian, Ubuntu: sudo apt-get install redis-server. ' +
      'macOS: brew install redis. Elsewhere put redis-server or valkey-server on the PATH, or its path into REDIS_SERVER_BIN.',
  );
}

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address === 'string' || address === null) throw new Error('No port was given.');
  return address.port;
}
