import { KnownError } from '../../errors.ts';
import { readSeconds } from '../command-line/read-number.ts';
import { readCoreSettings } from '../../consumer/settings/read-core-settings.ts';
import { openDisplay } from './follow/display.ts';
import { checkChannels } from './check-channels.ts';
import { dryRun } from './dry-run.ts';
import { type Found, type InputFile, findFiles, withFolders } from './find-files.ts';
import { followAll } from './follow/follow-all.ts';
import type { Ended } from './follow/follow-file.ts';
import { knownWorkflows } from './known-workflows.ts';
import { makeFolder } from './make-folder.ts';
import { readFields, workflowOf } from './read-fields.ts';
import { Stop } from './stop.ts';
import { type Skipped, whySkipped } from './why-skipped.ts';
import { failureTable, skippedLines, summary } from './follow/summary.ts';
import { IMAGES_ONLY, namesFor } from './taken-names.ts';

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
  /** In which other forms masks are left. */
  readonly omeTiff: boolean;
  readonly geojson: boolean;
  /** In µm, as text. */
  readonly pixelSize: string | undefined;
  /** Whether to show what would be submitted, and no more. */
  readonly dryRun: boolean;
  /** Whether to submit what is probably a mistake. */
  readonly force: boolean;
}

const FAILED = 1;
/** What shells make of a process that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Submits files as jobs, waits for them and fetches their results. The result is the exit code. */
export async function submit(given: Request): Promise<number> {
  // Consumers lower-case the name of their queue, too.
  const request = { ...given, queue: given.queue.toLowerCase() };
  const { timeout } = request;
  const timeoutMs = timeout === undefined ? undefined : readSeconds('--timeout', timeout);
  const core = readCoreSettings();
  const workflows = await knownWorkflows(core.workflowModules);
  const fields = readFields({ ...request, words: request.fields }, workflows);
  const passedOver: string[] = [];
  const { output } = request;
  const onSkipped = (path: string): void => void passedOver.push(path);
  const names = request.asZip ? IMAGES_ONLY : namesFor(workflowOf(request.queue, workflows));
  const found = await findFiles(request.paths, { output, names, onSkipped });
  const skipped = await whySkipped(passedOver);
  const paths = found.map(({ path }) => path);
  if (!request.force) await checkChannels({ paths, queue: request.queue, fields });
  const display = openDisplay(process.stderr);
  const say = (line: string): void => display.say(line);
  const files = request.asZip ? [await archiveOf(found, request, say)] : withFolders(found);
  if (request.dryRun) {
    process.stdout.write(`${await dryRun({ files, queue: request.queue, fields, skipped })}\n`);
    return 0;
  }
  if (request.wait) await makeFolder(request.output);
  using stop = new Stop(timeoutMs);
  const ended = await followAll({
    request,
    core,
    workflows,
    fields,
    files,
    skipped,
    stop,
    display,
  });
  display.close();
  tell(ended, request, skipped);
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

/** With `--no-wait` a program reads the keys, so that nothing else is printed beside them. */
function tell(
  ended: readonly Ended[],
  { wait, output, queue }: Request,
  skipped: readonly Skipped[],
): void {
  const failed = ended.some(({ kind }) => kind === 'failed');
  if (wait) {
    process.stdout.write(`${summary({ ended, output, queue, skipped })}\n`);
    return;
  }
  for (const one of ended) {
    if (one.kind === 'left' && one.key !== undefined) process.stdout.write(`${one.key}\n`);
  }
  for (const line of skippedLines(skipped)) process.stderr.write(`${line}\n`);
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
