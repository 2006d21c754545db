import pLimit from 'p-limit';
import { systemClock } from '../../../adapters/system-clock.ts';
import type { CoreSettings } from '../../../consumer/settings/read-settings.ts';
import { type KnownError, classify } from '../../../errors.ts';
import type { Workflow } from '../../../flow/workflow.ts';
import type { FieldUpdates, JobFields } from '../../../ports.ts';
import { earlierResults } from '../../../results/earlier-results.ts';
import { type ResultRecord, recordOf } from '../../../results/record.ts';
import { ResultsFolder } from '../../../results/results-folder.ts';
import { checkQueue } from '../check-queue.ts';
import type { Display } from './display.ts';
import type { InputFile } from '../find-files.ts';
import { type Ended, followFile } from './follow-file.ts';
import { JobWatch } from './job-watch.ts';
import { type Opening, closeSession, openSession } from '../open-session.ts';
import { partsOf } from './parts.ts';
import type { Stop } from '../stop.ts';
import type { Skipped } from '../why-skipped.ts';
import { listOf } from '../submit-job.ts';
import { Progress } from './progress.ts';

/** Files uploaded or downloaded at a time. */
const TRANSFERS = 6;

/** What of the words of a command says how files are followed. */
interface Request {
  readonly queue: string;
  readonly output: string;
  readonly wait: boolean;
  readonly overlays: boolean;
  /** In which other forms masks are left. */
  readonly omeTiff: boolean;
  readonly geojson: boolean;
  readonly force: boolean;
  /** Whether nobody works on jobs any more when we have ended. */
  readonly jobsEndWithUs?: boolean;
}

interface Submission {
  readonly request: Request;
  readonly core: CoreSettings;
  readonly workflows: readonly Workflow[];
  readonly fields: FieldUpdates;
  readonly files: readonly InputFile[];
  /** Files of folders that are not submitted because of their names. */
  readonly skipped: readonly Skipped[];
  /** Of files that an earlier run has finished and that are not submitted again. */
  readonly kept?: readonly ResultRecord[];
  readonly stop: Stop;
  readonly display: Display;
}

/**
 * Submits files, and if that is wanted waits for their jobs and leaves their results, with the tables and
 * pages of the whole.
 */
export async function followAll({
  files,
  skipped,
  kept = [],
  stop,
  display,
  ...opening
}: Submission): Promise<Ended[]> {
  const { request, core, fields, workflows } = opening;
  const { signal } = stop;
  const say = (line: string): void => display.say(line);
  const withRedis: Opening['withRedis'] = async ({ queues, persistently }) => {
    const lists = [...new Set(files.map(({ path }) => listOf(request.queue, path)))];
    const consumersOf = async (list: string): Promise<number> =>
      (await persistently(() => queues.consumers(list))).length;
    const queue = { name: request.queue, lists, consumersOf };
    // A consumer that was started for these jobs alone may be about to announce itself.
    if (request.jobsEndWithUs !== true)
      for (const remark of await checkQueue(queue, workflows, request.force)) say(remark);
  };
  const opened = { core, queue: request.queue, fields, signal, say, withRedis };
  const session = await openSession(opened).catch((error: unknown) => unlessStopped(error, stop));
  if (session === undefined)
    return files.map(({ path }) => ({ kind: 'left', path, key: undefined }));
  const results = request.wait ? resultsOf(request, [...files, ...kept]) : undefined;
  const progress = new Progress(files.length, (counts) => display.show(counts));
  const heard = (key: string, said: JobFields): void => progress.setParts(key, partsOf(said));
  const following = {
    session,
    watch: request.wait ? new JobWatch({ ...session, heard }) : undefined,
    output: request.output,
    jobsEndWithUs: request.jobsEndWithUs ?? false,
    results,
    transfers: pLimit(TRANSFERS),
    progress,
    giveUp: (error: KnownError) => stop.now(error),
  };
  try {
    const ended = await Promise.all(files.map((file) => followFile(file, following)));
    for (const { path: file, reason } of skipped)
      results?.add(recordOf({ file, status: 'skipped', reason }));
    for (const record of kept) results?.add(record);
    const earlier = await earlierResults(request.output, foldersOf([...files, ...kept]));
    await results?.close(earlier).catch((error: unknown) => stop.now(classify(error)));
    return ended;
  } finally {
    await closeSession(session);
  }
}

function foldersOf(files: readonly { readonly folder: string }[]): ReadonlySet<string> {
  return new Set(files.map(({ folder }) => folder));
}

function resultsOf(
  { output, queue, overlays, omeTiff, geojson }: Request,
  files: readonly unknown[],
): ResultsFolder {
  return new ResultsFolder({
    output,
    queue,
    files: files.length,
    overlays,
    omeTiff,
    geojson,
    now: () => systemClock.now(),
  });
}

/** Nothing, if we were told to stop; else the error. */
function unlessStopped(error: unknown, { cause }: Stop): undefined {
  if (cause === undefined) throw error;
}
