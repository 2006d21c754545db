import type { Command, OptionDeclaration } from './command.ts';

/** What the program is called in help and completion. */
export const PROGRAM = 'kiosk-redis-consumer';

/** The help of one command. */
export async function helpOf(command: Command): Promise<string> {
  const options = Object.entries(command.options).map(([name, option]): Row => [
    spelling(name, option),
    summaryOf(option),
  ]);
  return [
    `${command.summary}\n`,
    `Usage: ${usage(command)}\n`,
    `Options:\n${columns(options)}`,
    ...(command.more === undefined ? [] : [await command.more()]),
    ...examplesOf(command.examples),
  ].join('\n');
}

/** The examples of a command, each after what it does; nothing if there are none. */
export function examplesOf(examples: Command['examples']): string[] {
  if (examples.length === 0) return [];
  const lines = examples.map(({ words, shows }) => `  # ${shows}\n  ${PROGRAM} ${words}\n`);
  return [`Examples:\n${lines.join('')}`];
}

type Row = readonly [left: string, right: string];

/** Two columns, the first as wide as its longest word. */
export function columns(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

function usage({ name, operands, options }: Command): string {
  const required = Object.entries(options).flatMap(([option, { value, required: needed }]) =>
    needed === true ? [`--${option} ${value ?? 'VALUE'}`] : [],
  );
  const others = '[option …]';
  return [PROGRAM, name, ...operandWords(operands), ...required, others].join(' ');
}

function operandWords(operands: Command['operands']): string[] {
  if (operands === undefined) return [];
  const several = operands.most > 1 ? ' …' : '';
  return [operands.least > 0 ? `${operands.name}${several}` : `[${operands.name}${several}]`];
}

function spelling(name: string, { type, value, short }: OptionDeclaration): string {
  const shortForm = short === undefined ? '' : `-${short}, `;
  return `${shortForm}--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
}

function summaryOf({ summary, default: fallback, multiple }: OptionDeclaration): string {
  const usual = typeof fallback === 'string' ? ` Default: ${fallback}.` : '';
  return `${summary}${usual}${multiple === true ? ' May be given several times.' : ''}`;
}
