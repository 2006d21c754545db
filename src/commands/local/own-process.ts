import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KnownError } from '../../errors.ts';
import { LastError, partEnded } from './part-ended.ts';

/** This program, from its sources or as it was packed. */
const PROGRAM = fileURLToPath(new URL('../../../bin/kiosk-redis-consumer.mjs', import.meta.url));

interface Starting {
  /** As messages name it: "The consumer". */
  readonly name: string;
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
  /** Why it ended by itself, once it has: `part_ended`. */
  readonly over: Promise<KnownError>;
  close(): Promise<void>;
}

/**
 * Starts this program once more, out of reach of Ctrl-C; it ends with this process, since it has a channel to
 * it. Rejects if it ends before it is ready.
 */
export async function startOwnProcess(starting: Starting): Promise<OwnProcess> {
  const { name, words, environment, ready, log } = starting;
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  const exit = once(child, 'exit');
  const errors = new LastError();
  child.stdout?.on('data', errors.hear);
  // After its last words, not at its exit.
  const over = once(child, 'close').then(() =>
    partEnded(name, child, { log, lastError: errors.last }),
  );
  const said = await untilReady(child, { name, ready, log });
  return {
    said,
    over,
    async close() {
      // Whatever it is doing is for nobody: Redis and the bucket go too.
      child.kill('SIGKILL');
      await exit;
      file.end();
    },
  };
}

/** The exit code for words that a command does not take. */
const WRONG_USAGE = 2;

function untilReady(
  child: ChildProcess,
  { name, ready, log }: Pick<Starting, 'name' | 'ready' | 'log'>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-4000);
      const found = ready.exec(said);
      if (found === null) return;
      child.stdout?.off('data', hear);
      child.stderr?.off('data', hear);
      resolve(found[1] ?? '');
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    // After its last words, not at its exit.
    child.once('close', (code) => {
      const last = said.trimEnd().split('\n').at(-1) ?? '';
      // What the user gave to us, we gave to it: its sentence is for them.
      if (code === WRONG_USAGE) reject(new KnownError('bad_usage', last));
      reject(new KnownError('part_ended', `${name} could not be started: ${last} See "${log}".`));
    });
  });
}
