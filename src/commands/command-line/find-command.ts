import { KnownError } from '../../errors.ts';
import type { Command } from './command.ts';
import { didYouMean } from '../../config/nearest.ts';

/** The command that a word names; `bad_usage` with the nearest one if there is none. */
export function findCommand(word: string, commands: readonly Command[]): Command {
  const found = commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (found !== undefined) return found;
  const names = commands.map(({ name }) => name);
  throw new KnownError(
    'bad_usage',
    `There is no command "${word}".${didYouMean(word, names)} There are ${names.join(', ')}.`,
  );
}
