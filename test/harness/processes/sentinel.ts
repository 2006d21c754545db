import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, redisProgram } from '../../../scripts/start-redis.ts';

export interface Sentinel {
  readonly port: number;
  close(): Promise<void>;
}

/** A Sentinel that watches one group, "kiosk", and takes its master for down after two seconds. `more`: lines of its file. */
export async function startSentinel(
  master: { readonly host?: string; readonly port: number },
  more: (port: number) => readonly string[] = (port) => [`port ${port}`],
): Promise<Sentinel> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-sentinel-'));
  const settings = [
    'bind 127.0.0.1',
    'sentinel resolve-hostnames yes',
    `sentinel monitor kiosk ${master.host ?? '127.0.0.1'} ${master.port} 1`,
    // A replica that has been without its master for ten times this is not made the new one, however busy the machine.
    'sentinel down-after-milliseconds kiosk 2000',
    'sentinel failover-timeout kiosk 2000',
    ...more(port),
  ];
  await writeFile(join(folder, 'sentinel.conf'), settings.join('\n'));
  const process = spawn(redisProgram(), [join(folder, 'sentinel.conf'), '--sentinel'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    process.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('+monitor')) resolve();
    });
    process.once('exit', (code) => reject(new Error(`The Sentinel ended with ${code}: ${said}`)));
  });
  return {
    port,
    async close() {
      process.kill();
      await once(process, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
