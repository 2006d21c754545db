import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setVariables } from '../../config/load.ts';
import { KnownError, messageOf } from '../../errors.ts';
import type { Workflow } from '../../flow/workflow.ts';
import type { OutputFile } from '../../testing/output-file.ts';
import { type WorkflowRun, runWorkflow } from '../../testing/run-workflow.ts';
import { localPath } from '../../results/local-name.ts';
import { storing } from '../../results/storing.ts';
import { table } from '../command-line/table.ts';
import { pathWithin } from '../submit/unpack.ts';
import { drawOverlays } from './draw-overlays.ts';
import { loadWorkflow } from './load-workflow.ts';
import type { WorkflowRequest } from './request.ts';

/** Our own code, as it stands in stack traces. */
const OURS = new URL('../../', import.meta.url).href;

/** A workflow that is tried by hand may take its time. */
const TIMEOUT_MS = 600_000;

/** Runs a workflow on one file, without Redis; stand-ins take the place of its models. Exit code 1 if the job fails. */
export async function runOnce(request: WorkflowRequest): Promise<number> {
  const { file, input, output } = request;
  if (input === undefined) {
    throw new KnownError('bad_usage', 'workflow run needs --input IMAGE: the file to work on.');
  }
  const workflow = await loadWorkflow(file);
  const fields = Object.fromEntries(request.fields.map(readField));
  const run = await runWorkflow(workflow, {
    image: await read(input),
    name: basename(input),
    fields,
    settings: settingsOf(workflow),
    threads: 1,
    timeoutMs: TIMEOUT_MS,
  });
  process.stdout.write(`${described(run)}\n`);
  if (run.status === 'failed') return 1;
  const written = await writeFiles([...run.files.values()], output);
  written.push(...(await drawOverlays({ folder: output, names: written, input, run })));
  process.stdout.write(`\nWritten:\n${written.map((name) => join(output, name)).join('\n')}\n`);
  return 0;
}

/** The variables of the environment that the workflow declares. */
function settingsOf({ settings }: Workflow): Readonly<Record<string, string>> {
  return setVariables(Object.values(settings).flatMap(({ name, aliases }) => [name, ...aliases]));
}

function readField(word: string): [string, string] {
  const at = word.indexOf('=');
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  throw new KnownError('bad_usage', `-f takes NAME=VALUE, but there is "${word}".`);
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const why = messageOf(cause);
    throw new KnownError('bad_usage', `The input cannot be read: ${why}`, { cause });
  }
}

function described({ status, error, stageTimes, notes, warnings }: WorkflowRun): string {
  const times = Object.entries(stageTimes).map(([stage, ms]) => [stage, ms.toFixed(1)]);
  const noted = Object.entries(notes).map(([name, value]) => `${name}: ${value}`);
  return [
    table(['STAGE', 'MS'], times),
    ...(noted.length > 0 ? ['', 'Notes:', ...noted] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(status === 'failed' ? ['', `Failed (${error?.code}): ${error?.message}`] : []),
    ...whereThrown(error?.cause),
  ].join('\n');
}

/** Frames of a stack trace that are shown. */
const MOST_FRAMES = 3;

/** The places in code of the author where an error came from, the innermost first. */
function whereThrown(cause: unknown): string[] {
  if (!(cause instanceof Error)) return [];
  const deeper = whereThrown(cause.cause);
  if (deeper.length > 0) return deeper;
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^ +at .*file:/.test(line));
  return frames.filter((frame) => !frame.includes(OURS)).slice(0, MOST_FRAMES);
}

/** The names of the files, below the folder. */
async function writeFiles(files: readonly OutputFile[], folder: string): Promise<string[]> {
  const written = files.map(({ name, bytes }) => ({ name: localPath(name), bytes }));
  for (const { name, bytes } of written) {
    const target = pathWithin(folder, name);
    await storing(folder, async () => {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes);
    });
  }
  return written.map(({ name }) => name);
}
