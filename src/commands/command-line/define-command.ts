import { parseArgs } from 'node:util';
import { KnownError, messageOf } from '../../errors.ts';
import type { Command, CommandDefinition, Given, Operands, OptionDeclaration } from './command.ts';
import { helpOf } from './help-text.ts';
import { didYouMean } from '../../config/nearest.ts';

/** Every command has it. */
const HELP_OPTION = {
  help: { type: 'boolean', short: 'h', default: false, summary: 'Show this.' },
} as const satisfies Readonly<Record<string, OptionDeclaration>>;

/** Declares a command; wrong words are `bad_usage` and name what is allowed. */
export function defineCommand<const Options extends Command['options']>(
  definition: CommandDefinition<Options>,
): Command {
  const command: Command = {
    ...definition,
    options: { ...definition.options, ...HELP_OPTION },
    run: async (words) => {
      const { values, operands } = readWords(words, command);
      if (values['help'] === true) {
        process.stdout.write(await helpOf(command));
        return 0;
      }
      checkOperands(operands, command);
      checkRequired(values, command);
      // The values were read by these options; the table of commands forgets which they are.
      return definition.run({ values, operands } as Given<Options>);
    },
  };
  return command;
}

function readWords(
  words: readonly string[],
  { name, options }: Command,
): Given<Command['options']> {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: Object.fromEntries(Object.entries(options).map(([key, one]) => [key, parsed(one)])),
      allowPositionals: true,
    });
    return { values, operands: positionals };
  } catch (error) {
    const said = messageOf(error);
    throw new KnownError('bad_usage', explain(said, name, options));
  }
}

/** What `parseArgs` wants to know of an option. */
function parsed({ type, short, multiple, default: fallback }: OptionDeclaration) {
  return {
    type,
    ...(short !== undefined && { short }),
    ...(multiple !== undefined && { multiple }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

/** What `parseArgs` says, in our words. */
function explain(said: string, command: string, options: Command['options']): string {
  const names = Object.keys(options).map((name) => `--${name}`);
  const [, word = ''] = /^(?:Unknown o|O)ption '([^' ]+)/.exec(said) ?? [];
  if (said.startsWith('Unknown option'))
    return `${command} has no option ${word}.${didYouMean(word, names)} There are ${names.join(', ')}.`;
  const [name, option] = optionOf(word.replace(/,$/, ''), options) ?? [];
  if (option === undefined) return `${command}: ${said.replace(/\.?$/, '.')}`;
  if (option.type === 'boolean') return `${command}: --${name} takes no value.`;
  const form = `--${name} ${option.value ?? 'VALUE'}`;
  const dash = said.includes('ambiguous') ? ` A value with a dash in front: --${name}=-VALUE.` : '';
  return `${command}: ${word.replace(/,$/, '')} lacks its value: ${form}. ${option.summary}${dash}`;
}

function optionOf(
  word: string,
  options: Command['options'],
): [name: string, option: OptionDeclaration] | undefined {
  return Object.entries(options).find(
    ([name, { short }]) => word === `--${name}` || (short !== undefined && word === `-${short}`),
  );
}

const NO_OPERANDS: Operands = { name: '', least: 0, most: 0 };

function checkOperands(
  given: readonly string[],
  { name: command, operands: { name, least, most } = NO_OPERANDS }: Command,
): void {
  if (given.length < least) {
    const how = `\`${command} --help\` shows how.`;
    throw new KnownError('bad_usage', `${command} needs at least ${least} ${name}. ${how}`);
  }
  if (given.length > most) {
    const allowed = most === 0 ? 'takes no words' : `takes at most ${most} ${name}`;
    throw new KnownError('bad_usage', `${command} ${allowed}, but there is "${given[most]}".`);
  }
}

function checkRequired(values: Readonly<Record<string, unknown>>, command: Command): void {
  for (const [option, { required, value = 'VALUE', summary }] of Object.entries(command.options)) {
    if (required !== true || values[option] !== undefined) continue;
    throw new KnownError(
      'bad_usage',
      `${command.name} needs --${option} ${value}: ${summary} \`${command.name} --help\` shows how.`,
    );
  }
}
