import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisProgram, freePort } from '../src/commands/local/find-redis.ts';

export { freePort };

export interface LocalRedis {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a real Redis, on a free port if none is given, which keeps nothing on disk; with `more` options of its command line. `npm run
 * setup` has installed it.
 */
export async function startRedis(
  given?: number,
  more: readonly string[] = [],
): Promise<LocalRedis> {
  const port = given ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-redis-'));
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const server = spawn(redisProgram(), [...options, '--dir', folder, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
  });
  return {
    port,
    async close() {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill();
        await once(server, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The Redis of this machine; `npm run setup` has installed it. */
export function redisProgram(): string {
  const found = findRedisProgram();
  if (found !== undefined) return found;
  throw new Error('There is no redis-server on the path. Run `npm run setup -- --redis`.');
}
