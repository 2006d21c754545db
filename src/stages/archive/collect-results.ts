import type { Job } from '../../job/job.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { EndedChild } from '../../ports.ts';
import { LISTED_OF_CHILDREN } from '../../job/known-fields.ts';
import { ChildrenSaid } from './children-said.ts';
import { type Stored, isStored } from './find-stored.ts';

/** The result of a child that is done. */
export interface ChildResult {
  readonly key: string;
  /** Key of its archive in the bucket. */
  readonly fileName: string;
  /** What the user calls its image. */
  readonly originalName: string;
}

/** What became of the children of a job. */
export interface CollectedResults {
  /** By place. */
  readonly results: readonly ChildResult[];
  /** Keys and reasons of children that failed, by place. */
  readonly failures: readonly (readonly [key: string, reason: string])[];
  /** What the hash of a parent lists: how many children there are, and their times. */
  readonly totals: Readonly<Record<string, string | number>>;
  /** The cells that the children found, of each feature; undefined if none counted any. */
  readonly cells: string | undefined;
}

const READ = [
  'original_name',
  'output_file_name',
  'reason',
  'cells',
  'warnings',
  ...LISTED_OF_CHILDREN,
] as const;

/** What the user calls the part of the job that a child works on. */
type NameOf = (child: EndedChild, job: Job) => string;

/** For children that work on files of the user. */
const byFile: NameOf = ({ key, fields }) => fields['original_name'] ?? key;

/**
 * Reads what the children of the job that have ended say of themselves; their warnings begin with the name of
 * the part.
 *
 * @example
 * const join = pipeline(collectResults(), mergeResults, removeTemporary);
 */
export function collectResults(
  nameOf: NameOf = byFile,
): Stage<Stored, { collected: CollectedResults }> {
  return defineStage({
    name: 'collect_results',
    concurrency: 2,
    needs: [],
    adds: ['collected'],
    run: ({ stored }: Stored, context) => collect(nameOf, context, stored !== undefined),
  });
}

async function collect(
  nameOf: NameOf,
  { family, job, note, warn }: StageContext,
  hasResult: boolean,
): Promise<{ collected: CollectedResults }> {
  const results: ChildResult[] = [];
  const failures: (readonly [string, string])[] = [];
  const lists = new Map<string, string[]>();
  const said = new ChildrenSaid();
  let count = 0;
  for await (const child of family.children(READ)) {
    count++;
    said.add(nameOf(child, job), child.fields);
    const { output_file_name: fileName } = child.fields;
    if (child.outcome === 'done' && fileName !== undefined) {
      results.push(resultOf(child, fileName));
      addTimes(lists, child);
    } else failures.push([child.key, reasonOf(child)]);
  }
  const listed = Array.from(lists, ([name, values]) => [name, values.join(',')]);
  const totals = { total_jobs: count, ...Object.fromEntries(listed) };
  // An earlier run has said it, and what it has removed since is no failure.
  if (!isStored(job)) {
    for (const warning of said.warnings) warn(warning);
    if (!hasResult) note(countsOf(count, failures.length));
  }
  return { collected: { results, failures, totals, cells: said.cells } };
}

/** What the hash of a parent says of its children: one that is done without a result has failed for it. */
export function countsOf(all: number, failed: number): Readonly<Record<string, number>> {
  return { 'children:done': all - failed, 'children:failed': failed };
}

function resultOf({ key, fields }: EndedChild, fileName: string): ChildResult {
  return { key, fileName, originalName: fields['original_name'] ?? '' };
}

function addTimes(lists: Map<string, string[]>, { fields }: EndedChild): void {
  for (const name of LISTED_OF_CHILDREN) {
    const value = fields[name];
    if (value === undefined) continue;
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [value]);
    else list.push(value);
  }
}

function reasonOf({ outcome, fields }: EndedChild): string {
  if (outcome === 'done') return 'The job is done, but its hash has expired or names no result.';
  return fields['reason'] ?? 'The job expired or was deleted before it ended.';
}
