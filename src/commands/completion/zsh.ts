import type { Command, Offers, OptionDeclaration } from '../command-line/command.ts';
import { PROGRAM } from '../command-line/help-text.ts';

/** Completion for zsh, which shows the summaries too. */
export function zshScript(commands: readonly Command[]): string {
  return `#compdef ${PROGRAM}
_kiosk_redis_consumer() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}\n`).join('')}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(argumentsCase).join('')}  esac
}
compdef _kiosk_redis_consumer ${PROGRAM}
`;
}

function argumentsCase({ name, operands, options }: Command): string {
  const specifications = Object.entries(options).flatMap(([option, declaration]) =>
    optionSpecifications(option, declaration),
  );
  if (operands !== undefined) {
    const times = operands.most > 1 ? '*' : '1';
    specifications.push(`${times}:${operands.name}:${action(operands.offers)}`);
  }
  const lines = specifications.map((one) => ` \\\n        ${quoted(one)}`).join('');
  return `    ${name})\n      _arguments${lines} ;;\n`;
}

function optionSpecifications(name: string, option: OptionDeclaration): string[] {
  const { type, short, multiple, summary, value = 'VALUE', offers } = option;
  const spellings = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
  const before = multiple === true ? '*' : `(${spellings.join(' ')})`;
  const after = type === 'string' ? `:${value}:${action(offers)}` : '';
  const shown = summary.replaceAll(/[[\]:]/g, String.raw`\$&`);
  return spellings.map((spelling) => `${before}${spelling}[${shown}]${after}`);
}

function action(offers: Offers | undefined): string {
  if (offers === undefined) return ' ';
  if (typeof offers !== 'string') return `(${offers.join(' ')})`;
  return offers === 'folders' ? '_files -/' : '_files';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
