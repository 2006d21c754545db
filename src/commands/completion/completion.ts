import type { Command } from '../command-line/command.ts';
import { KnownError } from '../../errors.ts';
import { didYouMean } from '../../config/nearest.ts';
import { WORKFLOWS } from '../../workflows/index.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { SHELLS, type Shell } from './shells.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Prints the script for a shell. */
export async function completion(name: string, commands: readonly Command[]): Promise<number> {
  const shell = SHELLS.find((one) => one === name);
  if (shell === undefined) {
    throw new KnownError(
      'bad_usage',
      `There is no completion for "${name}".${didYouMean(name, SHELLS)} There are ${SHELLS.join(', ')}.`,
    );
  }
  process.stdout.write(SCRIPTS[shell](commands.map(withWords)));
  return 0;
}

/** The command with the words that workflows declare in place of their names. */
function withWords(command: Command): Command {
  const options = Object.entries(command.options).map(([name, option]) => {
    const words = typeof option.offers === 'string' ? DECLARED[option.offers] : undefined;
    return [name, words === undefined ? option : { ...option, offers: words() }];
  });
  return { ...command, options: Object.fromEntries(options) as Command['options'] };
}

const DECLARED: Readonly<Record<string, () => readonly string[]>> = {
  queues: () => WORKFLOWS.map(({ name }) => name).filter((name) => name !== 'zip'),
  fields: () => [
    ...new Set(WORKFLOWS.flatMap(({ fields = [] }) => fields.map(({ name }) => `${name}=`))),
  ],
};
