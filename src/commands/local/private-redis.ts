import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../../errors.ts';
import { findRedisProgram, freePort } from './find-redis.ts';

/** A Redis of our own. */
export interface PrivateRedis {
  readonly port: number;
  /** Why it ended by itself, once it has: `part_ended`. */
  readonly over: Promise<KnownError>;
  close(): Promise<void>;
}

/**
 * Starts the Redis of this machine on a free port, for this machine alone and without anything on disk. It is
 * out of reach of Ctrl-C, and ends when this process does, however that ends: a shell watches our end of its
 * input. `bad_usage` if there is no such program.
 */
export async function startPrivateRedis(): Promise<PrivateRedis> {
  const program = findRedisProgram();
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
  const over = endOfRedis(shell);
  return {
    port,
    over,
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

/** The shell waits for our end of its input; its output ends with the server. */
async function endOfRedis(shell: ChildProcess): Promise<KnownError> {
  if (shell.stdout) await once(shell.stdout.resume(), 'end');
  const next = 'What is done is kept, and the same command goes on.';
  return new KnownError('part_ended', `The Redis of this command has ended. ${next}`);
}

function missing(): KnownError {
  return new KnownError(
    'bad_usage',
    'local needs the program redis-server, which it starts and ends itself. Debian, Ubuntu: sudo ' +
      'apt-get install redis-server. ' +
      'macOS: brew install redis. Elsewhere put redis-server or valkey-server on the PATH, or ' +
      'its path into REDIS_SERVER_BIN.',
  );
}
