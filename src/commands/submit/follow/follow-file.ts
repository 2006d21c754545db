import { basename, join } from 'node:path';
import type { LimitFunction } from 'p-limit';
import { type KnownError, classify } from '../../../errors.ts';
import type { JobFields } from '../../../ports.ts';
import { recordOf } from '../../../results/record.ts';
import { remedyOf } from '../../../results/remedy.ts';
import type { ResultsFolder } from '../../../results/results-folder.ts';
import { fetchResult } from '../fetch-result.ts';
import type { InputFile } from '../find-files.ts';
import type { JobWatch } from './job-watch.ts';
import { reasonsOf } from './parts.ts';
import { type Session, submitJob } from '../submit-job.ts';
import type { Progress } from './progress.ts';

/** What became of a file. */
export type Ended =
  | {
      readonly kind: 'done';
      readonly path: string;
      /** Null where nothing was counted. */
      readonly cells: number | null;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly path: string;
      readonly code: string;
      readonly reason: string;
    }
  /** We stopped before it ended. Without a key it was not submitted. */
  | { readonly kind: 'left'; readonly path: string; readonly key: string | undefined };

export interface Following {
  readonly session: Session;
  /** Absent if nobody waits for the jobs. */
  readonly watch: JobWatch | undefined;
  readonly output: string;
  /** Told of each file what became of it; absent if nobody waits. */
  readonly results: ResultsFolder | undefined;
  readonly transfers: LimitFunction;
  readonly progress: Progress;
  /** Whether nobody works on jobs any more when we have ended. */
  readonly jobsEndWithUs?: boolean;
  /** Called with an error that no other file will be spared. */
  readonly giveUp: (error: KnownError) => void;
}

/** As long as the web page keeps a job whose end it has shown. */
const KEPT_SECONDS = 3600;

/** Takes a file all the way: upload, job, result. */
export async function followFile(file: InputFile, following: Following): Promise<Ended> {
  const { ended, key } = unlessGone(await follow(file, following), following);
  record(file, { ended, key }, following.results);
  return ended;
}

/** A job that ends with us was never there for those who look later. */
function unlessGone(followed: Followed, { jobsEndWithUs = false }: Following): Followed {
  const { ended } = followed;
  if (!jobsEndWithUs || ended.kind !== 'left') return followed;
  return { ended: { ...ended, key: undefined }, key: undefined };
}

/** A file's end, and its job if it was submitted. */
interface Followed {
  readonly ended: Ended;
  readonly key: string | undefined;
}

async function follow(file: InputFile, following: Following): Promise<Followed> {
  const { session, watch, transfers, progress } = following;
  const { path } = file;
  let key: string | undefined;
  try {
    key = await transfers(() => upload(file, session));
    progress.move('uploading', 'waiting');
    if (watch === undefined) return { ended: { kind: 'left', path, key }, key };
    const job = { key, fields: await watch.ended(key) };
    const ended = await transfers(() => finish(file, job, following));
    progress.move('waiting', ended.kind === 'done' ? 'done' : 'failed');
    await session.jobs.expire(key, KEPT_SECONDS);
    return { ended, key };
  } catch (thrown) {
    if (session.signal.aborted) return { ended: { kind: 'left', path, key }, key };
    const error = classify(thrown);
    // A bug met once the job has ended is one of its result: other files may be spared.
    if (error.kind === 'fatal' || (error.kind === 'internal' && key === undefined))
      following.giveUp(error);
    progress.move(key === undefined ? 'uploading' : 'waiting', 'failed');
    return { ended: { kind: 'failed', path, code: error.code, reason: error.message }, key };
  }
}

/** Tells the folder of results what became of a file; of those that are done it knows. */
function record(
  { path: file, folder }: InputFile,
  { ended, key = '' }: Followed,
  results: ResultsFolder | undefined,
): void {
  if (ended.kind === 'failed') {
    const { code, reason } = ended;
    results?.add(recordOf({ file, key, status: 'failed', code, reason, remedy: remedyOf(code) }));
  }
  if (ended.kind !== 'left') return;
  if (key !== '') results?.add(recordOf({ file, folder, key, status: 'waiting' }));
  else results?.add(recordOf({ file, status: 'skipped', reason: 'It was not submitted.' }));
}

async function upload({ path, read }: InputFile, session: Session): Promise<string> {
  session.signal.throwIfAborted();
  return submitJob({ name: basename(path), read }, session);
}

interface EndedJob {
  readonly key: string;
  readonly fields: JobFields;
}

async function finish(
  { path, folder, members }: InputFile,
  { key, fields }: EndedJob,
  { session, output, results }: Following,
): Promise<Ended> {
  if (fields['status'] === 'done') {
    const into = { ...session, folder: join(output, folder) };
    const { names: entries, renamed } = await fetchResult(fields, into);
    const hash = (await session.jobs.read(key)) ?? fields;
    const result = { file: path, folder, entries, renamed, key, fields: hash, members };
    const kept = await results?.done(result);
    // An archive is done when all of its members have ended, however they did.
    const { failures = '' } = fields;
    if (failures !== '')
      return { kind: 'failed', path, code: 'members', reason: reasonsOf(failures) };
    return { kind: 'done', path, cells: kept?.cells ?? null, warnings: kept?.warnings ?? [] };
  }
  if (fields['status'] === undefined) {
    return { kind: 'failed', path, code: 'gone', reason: 'The job has vanished from Redis.' };
  }
  return { kind: 'failed', path, code: fields['error_code'] ?? '', reason: lastLine(fields) };
}

/** Python consumers write a whole traceback, whose last line tells what was wrong. */
export function lastLine({ reason = '' }: JobFields): string {
  return reason.trimEnd().split('\n').at(-1) ?? '';
}
