import { columns } from '../command-line/help-text.ts';
import type { JobFields } from '../../ports.ts';
import { remedyOf } from '../../results/remedy.ts';
import { duration } from '../../telemetry/duration.ts';
import type { QueueState } from './queue-state.ts';

/** A queue for people to read. */
export function renderQueue(state: QueueState, now: Date): string {
  const { queue, waiting, consumers, announced, oldest, parked, failed } = state;
  const held = consumers.reduce((sum, { jobs }) => sum + jobs, 0);
  const lines = [
    ['waiting', String(waiting)],
    ['in work', String(held)],
    ...consumers.map(({ name, jobs }) => [`  ${name}`, String(jobs)]),
    ['consumers', announced > 0 ? String(announced) : 'none has announced itself'],
    ...(oldest === null ? [] : [['oldest job', `${age(oldest.createdAt, now)}: ${oldest.key}`]]),
    ...(parked === null ? [] : [['of these parked', parkedWords(parked, now)]]),
    ...failed.flatMap(({ code, jobs }) => [
      [`failed: ${code}`, String(jobs)],
      ...(remedyOf(code) === '' ? [] : [['  what to do', remedyOf(code)]]),
    ]),
  ].map(([left = '', right = '']): [string, string] => [left, right]);
  return `${queue}\n${columns(lines)}`;
}

function parkedWords(parked: NonNullable<QueueState['parked']>, now: Date): string {
  const { jobs, openChildren, oldest } = parked;
  const since = oldest === null ? '' : `; oldest ${age(oldest.createdAt, now)}: ${oldest.key}`;
  return `${jobs}, waiting for ${openChildren} children${since}`;
}

/** The fields that say most first, then the others in the order of their names. */
const FIRST = ['status', 'progress', 'error_code', 'reason', 'original_name', 'output_url'];

/** A job for people to read; empty fields are left out. */
export function renderJob(key: string, fields: JobFields | undefined): string {
  if (fields === undefined) return `${key}\n  There is no such job.\n`;
  const filled = Object.keys(fields).filter((name) => fields[name] !== '');
  const first = FIRST.filter((name) => filled.includes(name));
  const others = filled.filter((name) => !FIRST.includes(name)).toSorted();
  const rows = [...first, ...others].map((name): [string, string] => [
    name,
    (fields[name] ?? '').trimEnd().replaceAll('\n', '\n    '),
  ]);
  return `${key}\n${columns(withRemedy(rows, fields))}`;
}

/** What to do stands below the reason. */
function withRemedy(
  rows: readonly [string, string][],
  { status, error_code: code = '' }: JobFields,
): [string, string][] {
  const remedy = status === 'failed' ? remedyOf(code) : '';
  return rows.flatMap((row): [string, string][] =>
    row[0] === 'reason' && remedy !== '' ? [row, ['what to do', remedy]] : [row],
  );
}

function age(since: string, now: Date): string {
  return duration(now.getTime() - Date.parse(since));
}
