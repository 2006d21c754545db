import type { Command, Offers } from '../command-line/command.ts';
import { PROGRAM } from '../command-line/help-text.ts';

/** Completion for bash: commands, then options, the values of options, and operands. */
export function bashScript(commands: readonly Command[]): string {
  const values = commands.flatMap(valueCases);
  return `# bash completion of ${PROGRAM}
_kiosk_redis_consumer() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    ${offer(commands.map(({ name }) => name))}
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${values.map((line) => `    ${line}\n`).join('')}  esac
  case "\${COMP_WORDS[1]} $word" in
${commands.map((command) => `    ${optionCase(command)}\n`).join('')}  esac
  case "\${COMP_WORDS[1]}" in
${commands.flatMap((command) => operandCase(command).map((line) => `    ${line}\n`)).join('')}  esac
}
complete -o filenames -F _kiosk_redis_consumer ${PROGRAM}
`;
}

function valueCases({ name, options }: Command): string[] {
  return Object.entries(options).flatMap(([option, { type, short, offers }]) => {
    if (type === 'boolean') return [];
    const spellings = [`--${option}`, ...(short === undefined ? [] : [`-${short}`])];
    const patterns = spellings.map((spelling) => `"${name} ${spelling}"`).join(' | ');
    return [`${patterns}) ${offers === undefined ? '' : `${offer(offers)}; `}return ;;`];
  });
}

function optionCase({ name, options }: Command): string {
  const spellings = Object.keys(options).map((option) => `--${option}`);
  return `"${name} -"*) ${offer(spellings)}; return ;;`;
}

function operandCase({ name, operands }: Command): string[] {
  return operands?.offers === undefined ? [] : [`${name}) ${offer(operands.offers)} ;;`];
}

/** Names of files may hold blanks, so they are split at the ends of lines. No word of bash 4: macOS has bash 3. */
function offer(offers: Offers): string {
  if (typeof offers !== 'string') {
    return `COMPREPLY=($(compgen -W "${offers.join(' ')}" -- "$word"))`;
  }
  const what = offers === 'folders' ? '-d' : '-f';
  return `local IFS=$'\\n'; COMPREPLY=($(compgen ${what} -- "$word"))`;
}
