import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { variablesBut } from '../../config/load.ts';

/** REDIS_SERVER_BIN, or the first Redis on the path, or else the first Valkey; undefined if there is none. */
export function findRedisProgram(): string | undefined {
  const { REDIS_SERVER_BIN: named, PATH: path = '' } = variablesBut(/^$/);
  if (named) return named;
  return ['redis-server', 'valkey-server']
    .flatMap((program) => path.split(delimiter).map((folder) => join(folder, program)))
    .find((file) => existsSync(file));
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address === 'string' || address === null) throw new Error('No port was given.');
  return address.port;
}
