import { dirname } from 'node:path';
import { systemClock } from '../../adapters/system-clock.ts';
import { readCoreSettings } from '../../consumer/settings/read-core-settings.ts';
import { KnownError, classify } from '../../errors.ts';
import { type ResultRecord, recordOf } from '../../results/record.ts';
import { MANIFEST, ResultsFolder, readManifest } from '../../results/results-folder.ts';
import { queueOf } from '../job-key.ts';
import type { Ended } from '../submit/follow/follow-file.ts';
import { makeFolder } from '../submit/make-folder.ts';
import { closeSession, openSession } from '../submit/open-session.ts';
import { Stop } from '../submit/stop.ts';
import { summary } from '../submit/follow/summary.ts';
import { fetchJob } from './fetch-job.ts';

interface Request {
  readonly keys: readonly string[];
  /** A `manifest.json`, in place of keys. */
  readonly manifest: string | undefined;
  readonly output: string;
  readonly overlays: boolean;
  readonly omeTiff: boolean;
  readonly geojson: boolean;
}

const [FAILED, INTERRUPTED] = [1, 130];

/**
 * Fetches the results of jobs that nobody waited for, one after the other, and leaves them as `submit` does,
 * beside what the folder holds already. Jobs that have not ended are told. The exit code is 0 if all are
 * done.
 */
export async function fetchResults(request: Request): Promise<number> {
  checkWords(request);
  const { manifest } = request;
  const output = manifest === undefined ? request.output : dirname(manifest);
  if (manifest === undefined) await makeFolder(output);
  const kept = await recordsIn(output, request.manifest);
  const wanted = wantedOf(request, kept);
  using stop = new Stop(undefined);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const core = readCoreSettings();
  const session = await openSession({ core, queue: '', fields: {}, signal: stop.signal, say });
  const queue = queueOf(wanted[0]?.key ?? '');
  const files = kept.length + wanted.length;
  const now = (): Date => systemClock.now();
  const results = new ResultsFolder({ ...request, output, queue, files, now });
  const others = kept.filter(({ key }) => wanted.every((one) => one.key !== key));
  for (const record of others) results.add(record);
  const taken = new Set(others.map(({ folder }) => folder.toLowerCase()));
  const ended: Ended[] = [];
  try {
    for (const record of wanted)
      ended.push(await fetchJob(record, { session, output, results, taken }));
    await results.close().catch((error: unknown) => stop.now(classify(error)));
  } finally {
    await closeSession(session);
  }
  process.stdout.write(`${summary({ ended, output, queue, skipped: [] })}\n`);
  if (stop.cause instanceof KnownError) throw stop.cause;
  if (stop.cause === 'interrupted') return INTERRUPTED;
  return ended.every(({ kind }) => kind === 'done') ? 0 : FAILED;
}

/** What the folder holds already; `bad_usage` if the manifest that was named is not there. */
async function recordsIn(
  output: string,
  path: string | undefined,
): Promise<readonly ResultRecord[]> {
  const found = await readManifest(output, path);
  if (path !== undefined && found === undefined)
    throw new KnownError(
      'bad_usage',
      `--manifest "${path}" cannot be read: there is no such file.`,
    );
  return found?.files ?? [];
}

function checkWords({ keys, manifest }: Request): void {
  const refuse = (why: string): never => {
    throw new KnownError('bad_usage', `${why} \`fetch --help\` shows how.`);
  };
  if (keys.length === 0 && manifest === undefined) refuse('fetch needs a KEY or --manifest FILE.');
  if (keys.length > 0 && manifest !== undefined) refuse('Give keys or --manifest, not both.');
  if (manifest !== undefined && !manifest.endsWith(MANIFEST))
    refuse(`--manifest is "${manifest}", but must be a ${MANIFEST} that submit has written.`);
}

/** Jobs that are done, whose results the disk did not take. */
const NOT_KEPT = 'result_not_kept';

/** The jobs to fetch: those named, or all of a manifest that had not ended or whose results are not here yet. */
function wantedOf({ keys, manifest }: Request, kept: readonly ResultRecord[]): ResultRecord[] {
  if (manifest !== undefined)
    return kept.filter(
      (one) => one.key !== '' && (one.status === 'waiting' || one.code === NOT_KEPT),
    );
  return keys.map(
    (key) => kept.find((one) => one.key === key) ?? recordOf({ file: '', key, status: 'waiting' }),
  );
}
