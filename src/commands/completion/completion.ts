import type { Command } from '../command-line/command.ts';
import { KnownError } from '../../errors.ts';
import { didYouMean } from '../../config/nearest.ts';
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
  process.stdout.write(SCRIPTS[shell](commands));
  return 0;
}
