import type { Command, Offers, OptionDeclaration } from '../command-line/command.ts';
import { PROGRAM } from '../command-line/help-text.ts';

/** Completion for fish: one line for each thing that may follow. */
export function fishScript(commands: readonly Command[]): string {
  const names = commands.map(
    ({ name, summary }) =>
      `complete -c ${PROGRAM} -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
  );
  return `# fish completion of ${PROGRAM}\n${[...names, ...commands.flatMap(linesOf)].join('\n')}\n`;
}

function linesOf({ name, operands, options }: Command): string[] {
  const after = `complete -c ${PROGRAM} -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  return [
    `${after} ${offered(operands?.offers)}`,
    ...Object.entries(options).map(
      ([option, declaration]) => `${after} -l ${option} ${optionWords(declaration)}`,
    ),
  ];
}

function optionWords({ type, short, summary, offers }: OptionDeclaration): string {
  const value = type === 'boolean' ? [] : ['-r', offered(offers)];
  const shortForm = short === undefined ? [] : [`-s ${short}`];
  return [...shortForm, ...value, `-d ${quoted(summary)}`].join(' ');
}

function offered(offers: Offers | undefined): string {
  if (offers === undefined) return '-f';
  if (typeof offers !== 'string') return `-f -a ${quoted(offers.join(' '))}`;
  return offers === 'folders' ? '-f -a "(__fish_complete_directories)"' : '-F';
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
