import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../harness/processes/process-environment.ts';

/** A command to run: its words, what it finds in its environment, and the folder that it is called in. */
export interface CommandAsked {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
}

/** How it ended. */
export interface CommandEnded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const HOST = fileURLToPath(new URL('command-host.ts', import.meta.url));
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

let host: ChildProcess | undefined;
/** Settles when the command before has ended: the host runs one at a time. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command to its end, in a process that all commands of this test process share. A command that takes signals, or ends its process
 * itself as `run` does, is a `CommandProcess`.
 */
export function runCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Promise<CommandEnded> {
  const given = { NODE_COMPILE_CACHE: COMPILED, ...environment };
  const asked = { words, environment: processEnvironment(given), folder };
  const ended = last.then(() => ask(asked));
  last = ended.catch(() => undefined);
  return ended;
}

async function ask(asked: CommandAsked): Promise<CommandEnded> {
  const child = (host ??= startHost());
  child.ref();
  child.channel?.ref();
  child.send(asked);
  const ending = new AbortController();
  try {
    const [ended] = await Promise.race([
      once(child, 'message', { signal: ending.signal }),
      hasEnded(child, asked, ending.signal),
    ]);
    // The host sends nothing else.
    return ended as CommandEnded;
  } finally {
    ending.abort();
    child.unref();
    child.channel?.unref();
  }
}

function startHost(): ChildProcess {
  const environment = processEnvironment({ NODE_COMPILE_CACHE: COMPILED });
  return fork(HOST, { env: environment, stdio: ['ignore', 'ignore', 2, 'ipc'] });
}

async function hasEnded(
  child: ChildProcess,
  { words }: CommandAsked,
  signal: AbortSignal,
): Promise<never> {
  const [code] = await once(child, 'exit', { signal });
  throw new Error(`The process that runs commands ended with ${code} in "${words.join(' ')}".`);
}
