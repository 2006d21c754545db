import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { KnownError } from '../../errors.ts';
import { readSeconds } from '../command-line/read-number.ts';
import type { FieldUpdates, JobFields } from '../../ports.ts';
import { readCoreSettings } from '../../consumer/read-core-settings.ts';
import type { CoreSettings } from '../../consumer/read-settings.ts';
import { type Display, openDisplay } from './display.ts';
import { type Found, type InputFile, findFiles, withFolders } from './find-files.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { ResultsFolder } from '../../results/results-folder.ts';
import { type Ended, followFile } from './follow-file.ts';
import { JobWatch } from './job-watch.ts';
import { partsOf } from './parts.ts';
import { closeDesk, openDesk } from './open-desk.ts';
import { readFields } from './read-fields.ts';
import { Stop } from './stop.ts';
import { failureTable, summary } from './summary.ts';
import { Tally } from './tally.ts';
import { Turns } from './turns.ts';

/** The words of the command. */
interface Request {
  readonly paths: readonly string[];
  readonly queue: string;
  /** `NAME=VALUE` each. */
  readonly fields: readonly string[];
  readonly output: string;
  readonly timeout: string | undefined;
  readonly wait: boolean;
  /** Whether all files go as one archive. */
  readonly asZip: boolean;
  /** Whether the outlines of cells are drawn. */
  readonly overlays: boolean;
}

const FAILED = 1;
/** What shells make of a process that Ctrl-C has ended. */
const INTERRUPTED = 130;
/** Files uploaded or downloaded at a time. */
const TRANSFERS = 6;

/** Submits files as jobs, waits for them and fetches their results. The result is the exit code. */
export async function submit(request: Request): Promise<number> {
  const { timeout } = request;
  const timeoutMs = timeout === undefined ? undefined : readSeconds('--timeout', timeout);
  const fields = readFields(request.fields);
  const core = readCoreSettings();
  const found = await findFiles(request.paths);
  const display = openDisplay(process.stderr);
  const say = (line: string): void => display.say(line);
  const files = request.asZip ? [await archiveOf(found, request, say)] : withFolders(found);
  if (request.wait) await makeFolder(request.output);
  using stop = new Stop(timeoutMs);
  const ended = await followAll({ request, core, fields, files, stop, display });
  display.close();
  tell(ended, request);
  if (stop.cause instanceof KnownError) throw stop.cause;
  return exitCode(ended, { request, stop });
}

/** The library is loaded here, for those who want archives. */
async function archiveOf(
  found: readonly Found[],
  { paths }: Request,
  say: (line: string) => void,
): Promise<InputFile> {
  const { asArchive } = await import('./as-archive.ts');
  return asArchive(found, paths, say);
}

/** One level after the other: where a level cannot be made, as in /proc, Node's own recursion goes on without an end. */
async function makeFolder(path: string): Promise<void> {
  try {
    for (const folder of missingFolders(path)) await mkdir(folder);
    await readdir(path);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('bad_usage', `--output "${path}" cannot be made: ${said}`, { cause });
  }
}

/** The folders of a path that do not exist, the outermost first. */
function missingFolders(path: string): string[] {
  const folder = resolve(path);
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder];
}

interface Submission {
  readonly request: Request;
  readonly core: CoreSettings;
  readonly fields: FieldUpdates;
  readonly files: readonly InputFile[];
  readonly stop: Stop;
  readonly display: Display;
}

async function followAll({ files, stop, display, ...opening }: Submission): Promise<Ended[]> {
  const { request, core, fields } = opening;
  const { signal } = stop;
  const say = (line: string): void => display.say(line);
  const desk = await openDesk({ core, queue: request.queue, fields, signal, say }).catch(
    (error: unknown) => unlessStopped(error, stop),
  );
  if (desk === undefined) return files.map(({ path }) => ({ kind: 'left', path, key: undefined }));
  const results = request.wait ? resultsOf(request, files) : undefined;
  const tally = new Tally(files.length, (counts) => display.show(counts));
  const heard = (key: string, said: JobFields): void => tally.setParts(key, partsOf(said));
  const following = {
    desk,
    watch: request.wait ? new JobWatch({ ...desk, heard }) : undefined,
    output: request.output,
    results,
    transfers: new Turns(TRANSFERS),
    tally,
    giveUp: (error: KnownError) => stop.now(error),
  };
  try {
    const ended = await Promise.all(files.map((file) => followFile(file, following)));
    await results?.close();
    return ended;
  } finally {
    await closeDesk(desk);
  }
}

function resultsOf(
  { output, queue, overlays }: Request,
  files: readonly InputFile[],
): ResultsFolder {
  return new ResultsFolder({
    output,
    queue,
    files: files.length,
    overlays,
    now: () => systemClock.now(),
  });
}

/** Nothing, if we were told to stop; else the error. */
function unlessStopped(error: unknown, { cause }: Stop): undefined {
  if (cause === undefined) throw error;
}

/** With `--no-wait` a program reads the keys, so that nothing else is printed beside them. */
function tell(ended: readonly Ended[], { wait, output, queue }: Request): void {
  const failed = ended.some(({ kind }) => kind === 'failed');
  if (wait) {
    process.stdout.write(`${summary({ ended, output, queue })}\n`);
    return;
  }
  for (const one of ended) {
    if (one.kind === 'left' && one.key !== undefined) process.stdout.write(`${one.key}\n`);
  }
  if (failed) process.stderr.write(`${failureTable(ended)}\n`);
}

function exitCode(
  ended: readonly Ended[],
  { request, stop }: { readonly request: Request; readonly stop: Stop },
): number {
  if (stop.cause === 'interrupted') return INTERRUPTED;
  const wanted = request.wait ? 'done' : 'left';
  return stop.cause === undefined && ended.every(({ kind }) => kind === wanted) ? 0 : FAILED;
}
