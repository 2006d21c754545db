import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { classify } from '../../errors.ts';
import { splitName } from '../../formats/split-name.ts';
import type { JobFields } from '../../ports.ts';
import { type ResultRecord, recordOf } from '../../results/record.ts';
import { localName } from '../../results/local-name.ts';
import { remedyOf } from '../../results/remedy.ts';
import { storing } from '../../results/storing.ts';
import type { ResultsFolder } from '../../results/results-folder.ts';
import { fetchResult } from '../submit/fetch-result.ts';
import { freeFolder } from '../submit/find-files.ts';
import { type Ended, lastLine } from '../submit/follow/follow-file.ts';
import type { Session } from '../submit/submit-job.ts';

interface Fetching {
  readonly session: Session;
  readonly output: string;
  readonly results: ResultsFolder;
  /** Folders that other results have, in lower case. */
  readonly taken: Set<string>;
}

/** Fetches the result of one job if it is done, and says in the folder of results what became of it. */
export async function fetchJob(record: ResultRecord, fetching: Fetching): Promise<Ended> {
  const { session, results } = fetching;
  const { key } = record;
  let file = record.file || key;
  try {
    const fields = (await session.persistently(() => session.jobs.read(key))) ?? {};
    file = record.file || fields['original_name'] || key;
    if (fields['status'] === 'done') return await fetchDone({ ...record, file }, fields, fetching);
    if (fields['status'] === undefined) return fail('gone', 'The job has vanished from Redis.');
    if (fields['status'] === 'failed') return fail(fields['error_code'] ?? '', lastLine(fields));
  } catch (error) {
    if (!session.signal.aborted) {
      const { code, message } = classify(error);
      return fail(code, message);
    }
  }
  results.add(recordOf({ ...record, file, status: 'waiting' }));
  return { kind: 'left', path: file, key };

  function fail(code: string, reason: string): Ended {
    results.add(recordOf({ file, key, status: 'failed', code, reason, remedy: remedyOf(code) }));
    return { kind: 'failed', path: file, code, reason };
  }
}

async function fetchDone(
  { file, key, folder: wanted }: ResultRecord,
  fields: JobFields,
  { session, output, results, taken }: Fetching,
): Promise<Ended> {
  const folder = wanted || freeFolder(splitName(basename(file))[0], taken);
  taken.add(folder.toLowerCase());
  const into = { ...session, folder: join(output, folder) };
  const { names: entries, renamed } = await fetchResult(fields, into);
  const scratch = await storing(tmpdir(), () => mkdtemp(join(tmpdir(), 'kiosk-image-')));
  try {
    const image = existsSync(file) ? file : await download(fields, session, scratch);
    const done = { file, image, folder, entries, renamed, key, fields };
    const { cells, warnings } = await results.done(done);
    return { kind: 'done', path: file, cells, warnings };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * The image as it was uploaded, to be drawn and measured. Where the bucket has deleted it, the result is kept
 * without.
 */
async function download(
  { input_file_name: object = '' }: JobFields,
  { bucket, signal, persistently }: Session,
  scratch: string,
): Promise<string> {
  const path = join(scratch, localName(basename(object)));
  try {
    await persistently(async () => {
      const { body } = await bucket.open(bucket.keyOf(object), signal);
      await storing(scratch, () => pipeline(body, createWriteStream(path), { signal }));
    });
  } catch (error) {
    if (classify(error).kind !== 'bad_input') throw error;
  }
  return path;
}
