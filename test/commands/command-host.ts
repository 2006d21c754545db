/*
 * A process that runs commands one after another, each with an environment and a folder of its own, as `src/start.ts` runs one: starting
 * Node and loading the code takes longer than most commands. It ends with the process that started it.
 */
import { COMMANDS } from '../../src/commands/commands.ts';
import { runCommandLine } from '../../src/commands/command-line/run-command-line.ts';
import type { CommandAsked, CommandEnded } from './run-command.ts';

/** What the command has said so far. */
let said = { stdout: '', stderr: '' };

process.stdout.write = hear('stdout');
process.stderr.write = hear('stderr');
process.on('message', (asked: CommandAsked) => void run(asked));
process.once('disconnect', () => process.exit());

function hear(stream: 'stdout' | 'stderr'): (chunk: string | Uint8Array) => boolean {
  return (chunk) => {
    said[stream] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
}

async function run({ words, environment, folder }: CommandAsked): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(folder);
  said = { stdout: '', stderr: '' };
  const code = await runCommandLine(words, COMMANDS);
  // It is added for each command.
  process.stdout.removeAllListeners('error');
  process.send?.({ code, ...said } satisfies CommandEnded);
}
