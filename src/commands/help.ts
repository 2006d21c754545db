import { WORKFLOWS } from '../workflows/index.ts';
import type { Command } from './command-line/command.ts';
import { PROGRAM, columns, examplesOf, helpOf } from './command-line/help-text.ts';
import { findCommand } from './command-line/find-command.ts';

/** Shows all commands, or one. */
export async function help(
  name: string | undefined,
  commands: readonly Command[],
): Promise<number> {
  const text = name === undefined ? overview(commands) : await helpOf(findCommand(name, commands));
  process.stdout.write(text);
  return 0;
}

function overview(commands: readonly Command[]): string {
  return [
    `${PROGRAM}: takes image jobs from Redis, runs their models on a model server, and stores the results.\n`,
    `Commands:\n${columns(commands.map(({ name, summary }) => [name, summary]))}`,
    `Workflows (CONSUMER_TYPE):\n${columns(WORKFLOWS.map(({ name, summary }) => [name, summary]))}`,
    ...examplesOf(commands.flatMap(({ examples }) => examples.slice(0, 1))),
    `\`${PROGRAM} COMMAND --help\` shows the options of a command.\n`,
  ].join('\n');
}
