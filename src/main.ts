import { checkConfig } from './commands/check-config.ts';
import { HELP } from './commands/help.ts';
import { serveModels } from './commands/model-server.ts';
import { run } from './commands/run.ts';
import { KnownError, classify } from './errors.ts';
import { VERSION } from './commands/version.ts';

/** The commands, by their first word; without one, the consumer runs. */
const COMMANDS: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  run: () => run(),
  'check-config': () => checkConfig(),
  '--check-config': () => checkConfig(),
  'model-server': serveModels,
  help: () => print(HELP),
  '--help': () => print(HELP),
  '--version': () => print(`${VERSION}\n`),
};

async function print(words: string): Promise<number> {
  process.stdout.write(words);
  return 0;
}

async function main([name = 'run', ...words]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const names = Object.keys(COMMANDS).filter((word) => !word.startsWith('-'));
    throw new KnownError(
      'bad_settings',
      `There is no command "${name}". There are ${names.join(', ')}.`,
    );
  }
  return command(words);
}

/** Tells an operator what is wrong, a line a problem. */
function complain(error: KnownError): void {
  const { problems } = error.details;
  const lines = Array.isArray(problems) ? problems.map(String) : [error.message];
  const stack =
    error.kind === 'internal' && error.cause instanceof Error ? [error.cause.stack ?? ''] : [];
  process.stderr.write(`${[...lines, ...stack].join('\n')}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  complain(classify(error));
  process.exitCode = 1;
}
