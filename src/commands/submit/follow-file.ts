import { basename, join } from 'node:path';
import { type KnownError, classify } from '../../errors.ts';
import type { JobFields } from '../../ports.ts';
import { fetchResult } from './fetch-result.ts';
import type { InputFile } from './find-files.ts';
import type { JobWatch } from './job-watch.ts';
import { reasonsOf } from './parts.ts';
import { type Desk, submitJob } from './submit-job.ts';
import type { Tally } from './tally.ts';
import type { Turns } from './turns.ts';

/** What became of a file. */
export type Ended =
  | { readonly kind: 'done'; readonly path: string }
  | {
      readonly kind: 'failed';
      readonly path: string;
      readonly code: string;
      readonly reason: string;
    }
  /** We stopped before it ended. Without a key it was not submitted. */
  | { readonly kind: 'left'; readonly path: string; readonly key: string | undefined };

export interface Following {
  readonly desk: Desk;
  /** Absent if nobody waits for the jobs. */
  readonly watch: JobWatch | undefined;
  readonly output: string;
  readonly transfers: Turns;
  readonly tally: Tally;
  /** Called with an error that no other file will be spared. */
  readonly giveUp: (error: KnownError) => void;
}

/** As long as the web page keeps a job whose end it has shown. */
const KEPT_SECONDS = 3600;

/** Takes a file all the way: upload, job, result. */
export async function followFile(file: InputFile, following: Following): Promise<Ended> {
  const { desk, watch, transfers, tally } = following;
  let key: string | undefined;
  try {
    key = await transfers.run(() => upload(file, desk));
    tally.move('uploading', 'waiting');
    if (watch === undefined) return { kind: 'left', path: file.path, key };
    const fields = await watch.ended(key);
    const ended = await transfers.run(() => finish(file, fields, following));
    tally.move('waiting', ended.kind === 'done' ? 'done' : 'failed');
    await desk.jobs.expire(key, KEPT_SECONDS);
    return ended;
  } catch (thrown) {
    if (desk.signal.aborted) return { kind: 'left', path: file.path, key };
    const error = classify(thrown);
    if (error.kind === 'fatal' || error.kind === 'internal') following.giveUp(error);
    tally.move(key === undefined ? 'uploading' : 'waiting', 'failed');
    return { kind: 'failed', path: file.path, code: error.code, reason: error.message };
  }
}

async function upload({ path, read }: InputFile, desk: Desk): Promise<string> {
  desk.signal.throwIfAborted();
  return submitJob({ name: basename(path), read }, desk);
}

async function finish(
  { path, folder }: InputFile,
  fields: JobFields,
  { desk, output }: Following,
): Promise<Ended> {
  if (fields['status'] === 'done') {
    await fetchResult(fields, { ...desk, folder: join(output, folder) });
    // An archive is done when all of its members have ended, however they did.
    const { failures = '' } = fields;
    if (failures !== '')
      return { kind: 'failed', path, code: 'members', reason: reasonsOf(failures) };
    return { kind: 'done', path };
  }
  if (fields['status'] === undefined) {
    return { kind: 'failed', path, code: 'gone', reason: 'The job has vanished from Redis.' };
  }
  return { kind: 'failed', path, code: fields['error_code'] ?? '', reason: lastLine(fields) };
}

/** Python consumers write a whole traceback, whose last line tells what was wrong. */
function lastLine({ reason = '' }: JobFields): string {
  return reason.trimEnd().split('\n').at(-1) ?? '';
}
