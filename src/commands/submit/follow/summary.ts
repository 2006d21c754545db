import { join } from 'node:path';
import { PROGRAM } from '../../command-line/help-text.ts';
import { table } from '../../command-line/table.ts';
import { remedyOf } from '../../../results/remedy.ts';
import { NOT_TAKEN, type Skipped } from '../why-skipped.ts';
import type { Ended } from './follow-file.ts';

/** Keys and warnings shown at most. */
const [KEYS_SHOWN, WARNINGS_SHOWN] = [10, 20];

interface Outcome {
  readonly ended: readonly Ended[];
  readonly output: string;
  readonly queue: string;
  /** Files of folders that are not submitted because of their names. */
  readonly skipped: readonly Skipped[];
}

/** What there is to say at the end, a table of the failures included. */
export function summary({ ended, output, queue, skipped }: Outcome): string {
  const done = ended.filter((one) => one.kind === 'done');
  const failed = ended.filter(({ kind }) => kind === 'failed').length;
  const page = join(output, 'index.html');
  return [
    `${done.length} done, ${failed} failed.`,
    ...(done.length > 0 ? [`Results are in ${output}.`, `${cellCount(done)}See ${page}.`] : []),
    ...warningLines(done),
    ...skippedLines(skipped),
    ...(failed > 0 ? ['', failureTable(ended)] : []),
    ...leftBehind(ended, queue),
    ...fetchLater(ended, output),
  ].join('\n');
}

type Done = Extract<Ended, { kind: 'done' }>;

function cellCount(done: readonly Done[]): string {
  const counted = done.flatMap(({ cells }) => (cells === null ? [] : [cells]));
  if (counted.length === 0) return '';
  const cells = counted.reduce((sum, count) => sum + count, 0);
  return `${cells} ${cells === 1 ? 'cell' : 'cells'} found. `;
}

/** The first of all warnings; the others are on the page. */
function warningLines(done: readonly Done[]): string[] {
  const all = done.flatMap(({ path, warnings }) => warnings.map((one) => `  ${path}: ${one}`));
  if (all.length === 0) return [];
  const more = all.length > WARNINGS_SHOWN ? [`  and ${all.length - WARNINGS_SHOWN} more`] : [];
  return ['', 'Warnings:', ...all.slice(0, WARNINGS_SHOWN), ...more];
}

/** Files of folders that are not submitted because of their names: the first of them, and what can be done. */
export function skippedLines(skipped: readonly Skipped[]): string[] {
  if (skipped.length === 0) return [];
  const advised = Map.groupBy(skipped, ({ reason }) => reason);
  advised.delete(NOT_TAKEN);
  return [
    `Skipped, not for this queue by their names: ${first(skipped, KEYS_SHOWN)}.`,
    ...Array.from(advised, ([reason, files]) => `  ${first(files, 1)}: ${reason}`),
  ];
}

function first(files: readonly Skipped[], most: number): string {
  const paths = files.slice(0, most).map(({ path }) => path);
  const more = files.length > most ? `, and ${files.length - most} more` : '';
  return `${paths.join(', ')}${more}`;
}

/** What failed and why, and for each code what to do about it. */
export function failureTable(ended: readonly Ended[]): string {
  const failures = ended.filter((one) => one.kind === 'failed');
  const rows = failures.map(({ path, code, reason }) => [path, code, reason]);
  const remedies = [...new Set(failures.map(({ code }) => code))]
    .filter((code) => remedyOf(code) !== '')
    .map((code) => `  ${code}: ${remedyOf(code)}`);
  const advice = remedies.length > 0 ? ['', 'What to do:', ...remedies] : [];
  return [table(['FILE', 'CODE', 'REASON'], rows), ...advice].join('\n');
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

/** How to get the results of jobs that nobody waits for any more. */
function fetchLater(ended: readonly Ended[], output: string): string[] {
  const isLeft = ended.some((one) => one.kind === 'left' && one.key !== undefined);
  if (!isLeft) return [];
  const manifest = join(output, 'manifest.json');
  return ['To get their results:', `  ${PROGRAM} fetch --manifest ${quoted(manifest)}`];
}

/** As a shell reads it as one word. */
function quoted(word: string): string {
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
