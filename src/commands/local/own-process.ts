import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KnownError } from '../../errors.ts';

/** This program, from its sources or as it was packed. */
const PROGRAM = fileURLToPath(new URL('../../../bin/kiosk-redis-consumer.mjs', import.meta.url));

interface Starting {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What it says once it is ready. */
  readonly ready: RegExp;
  /** File to whose end its words go. */
  readonly log: string;
}

/** A process of this program that belongs to this one. */
export interface OwnProcess {
  /** The first group of what it said when it was ready. */
  readonly said: string;
  /** Fires when it ends by itself. */
  readonly over: Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts this program once more, out of reach of Ctrl-C; it ends with this process, since it has a channel to it. Rejects if it ends before it
 * is ready.
 */
export async function startOwnProcess(starting: Starting): Promise<OwnProcess> {
  const { words, environment, ready, log } = starting;
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  const over = once(child, 'exit');
  const said = await untilReady(child, { ready, log });
  return {
    said,
    over,
    async close() {
      // Whatever it is doing is for nobody: Redis and the bucket go too.
      child.kill('SIGKILL');
      await over;
      file.end();
    },
  };
}

function untilReady(
  child: ChildProcess,
  { ready, log }: Pick<Starting, 'ready' | 'log'>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-4000);
      const found = ready.exec(said);
      if (found === null) return;
      child.stdout?.off('data', hear);
      resolve(found[1] ?? '');
    };
    child.stdout?.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => {
      const last = said.trimEnd().split('\n').at(-1) ?? '';
      reject(new KnownError('bad_usage', `A part could not be started: ${last} See "${log}".`));
    });
  });
}
