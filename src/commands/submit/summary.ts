import { PROGRAM } from '../command-line/help-text.ts';
import { table } from '../command-line/table.ts';
import type { Ended } from './follow-file.ts';

/** Keys shown at most. */
const KEYS_SHOWN = 10;

interface Outcome {
  readonly ended: readonly Ended[];
  readonly output: string;
  readonly queue: string;
}

/** What there is to say at the end, a table of the failures included. */
export function summary({ ended, output, queue }: Outcome): string {
  const done = ended.filter(({ kind }) => kind === 'done').length;
  const failed = ended.filter(({ kind }) => kind === 'failed').length;
  return [
    `${done} done, ${failed} failed.`,
    ...(done > 0 ? [`Results are in ${output}.`] : []),
    ...(failed > 0 ? ['', failureTable(ended)] : []),
    ...leftBehind(ended, queue),
  ].join('\n');
}

export function failureTable(ended: readonly Ended[]): string {
  const failures = ended.filter((one) => one.kind === 'failed');
  const rows = failures.map(({ path, code, reason }) => [path, code, reason]);
  return table(['FILE', 'CODE', 'REASON'], rows);
}

/** How to look again at jobs that nobody waits for any more. */
function leftBehind(ended: readonly Ended[], queue: string): string[] {
  const left = ended.filter((one) => one.kind === 'left');
  const keys = left.flatMap(({ key }) => (key === undefined ? [] : [key]));
  const unsent = left.length - keys.length;
  const commands = keys.slice(0, KEYS_SHOWN).map((key) => `  ${PROGRAM} status ${quoted(key)}`);
  const more = keys.length > KEYS_SHOWN ? [`  ${PROGRAM} status --queue ${quoted(queue)}`] : [];
  return [
    ...(keys.length > 0 ? ['', `Jobs that go on: ${keys.length}. To look again:`] : []),
    ...commands,
    ...more,
    ...(unsent > 0 ? [`Files not submitted: ${unsent}.`] : []),
  ];
}

/** As a shell reads it as one word. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
