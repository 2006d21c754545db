import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Consumer {
  /** What /metrics says. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}

interface Models {
  readonly port: number;
  close(): Promise<void>;
}

interface Surroundings {
  readonly redisPort: number;
  readonly modelPort: number;
  readonly folder: string;
  /** `CONSUMERS` and what else is set. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Runs the local model server as a process of its own, as a cluster does. */
export async function startModels(): Promise<Models> {
  const server = start(['model-server', '--port', '0'], {});
  const port = Number(await lineOf(server, /listening on .*:(\d+)/));
  return { port, close: () => end(server) };
}

/** Runs the consumer as `npm start` does; its log is `consumer.log` in the folder. */
export async function startConsumer({
  redisPort,
  modelPort,
  folder,
  settings,
}: Surroundings): Promise<Consumer> {
  const bucket = join(folder, 'bucket');
  await mkdir(bucket, { recursive: true });
  const consumer = start(['run'], {
    ...settings,
    HOSTNAME: 'demo',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redisPort),
    TF_HOST: '127.0.0.1',
    TF_PORT: String(modelPort),
    STORAGE_BUCKET: pathToFileURL(bucket).href,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    LOG_FORMAT: 'human',
  });
  consumer.stdout?.pipe(createWriteStream(join(folder, 'consumer.log')));
  const port = await lineOf(consumer, /status on port (\d+)/);
  return {
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    close: () => end(consumer),
  };
}

function start(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, [MAIN, ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The first group of a pattern in what a process prints; rejects if it ends before. */
function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = pattern.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`A process ended with code ${code}: ${said}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
