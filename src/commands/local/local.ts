import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CORE_SETTINGS } from '../../config/core-settings.ts';
import { loadSettings } from '../../config/load.ts';
import { readCoreSettings } from '../../consumer/settings/read-core-settings.ts';
import type { CoreSettings } from '../../consumer/settings/read-settings.ts';
import { KnownError, classify } from '../../errors.ts';
import type { Workflow } from '../../flow/workflow.ts';
import type { FieldUpdates } from '../../ports.ts';
import type { ResultRecord } from '../../results/record.ts';
import { readManifest } from '../../results/results-folder.ts';
import { storing } from '../../results/storing.ts';
import { type Display, openDisplay } from '../submit/follow/display.ts';
import { checkChannels } from '../submit/check-channels.ts';
import { type InputFile, findFiles, withFolders } from '../submit/find-files.ts';
import { followAll } from '../submit/follow/follow-all.ts';
import type { Ended } from '../submit/follow/follow-file.ts';
import { readFields } from '../submit/read-fields.ts';
import { Stop } from '../submit/stop.ts';
import { knownWorkflows } from '../submit/known-workflows.ts';
import { makeFolder } from '../submit/make-folder.ts';
import { type Skipped, whySkipped } from '../submit/why-skipped.ts';
import { summary } from '../submit/follow/summary.ts';
import { type TakenNames, namesFor } from '../submit/taken-names.ts';
import { type Fingerprint, fingerprintOf, readFinished, writeFinished } from './finished-files.ts';
import { chosenWorkflow, isBuiltIn } from './chosen-workflow.ts';
import { askedOf, placesOf } from './models/model-places.ts';
import { neededModels } from './models/needed-models.ts';
import { readModels } from './models/read-models.ts';
import { tryModels } from './models/try-models.ts';
import { startPrivately } from './private-deployment.ts';
import { SettledFiles } from './settled-files.ts';

/** The words of the command. */
interface Request {
  readonly paths: readonly string[];
  readonly workflow: string;
  /** `NAME=VALUE` each. */
  readonly fields: readonly string[];
  readonly pixelSize: string | undefined;
  readonly output: string;
  /** HOST:PORT, or `FILE.onnx` or `MODEL=FILE.onnx` each. */
  readonly models: readonly string[];
  readonly watch: boolean;
  readonly overlays: boolean;
  readonly omeTiff: boolean;
  readonly geojson: boolean;
}

const FAILED = 1;
const INTERRUPTED = 130;
/** What an author's code makes of a file may differ in the next run: its modules may have changed. */
const THIS_RUN = randomUUID();
/** Between looks for new files. */
const LOOK_MS = 1000;

/**
 * Works on images with everything that it takes on this machine: a Redis, a bucket and consumers of its own,
 * which it ends. Files whose results an earlier run has left for the same fields are not done again. The
 * result is the exit code.
 */
export async function local(request: Request): Promise<number> {
  const { workflowModules: modules } = loadSettings(CORE_SETTINGS).values;
  const workflows = await knownWorkflows(modules);
  const chosen = chosenWorkflow(request.workflow, workflows);
  const workflow = chosen.name;
  const { fields: words, pixelSize, paths, output, watch } = request;
  const fields = readFields({ words, pixelSize, queue: workflow, force: undefined }, workflows);
  const needed = neededModels(workflow, fields, workflows);
  const models = readModels(
    request.models,
    needed.map(({ model }) => model),
  );
  // A folder that is watched may be empty yet.
  const names = namesFor(chosen);
  const found = watch ? [] : await findFiles(paths, { output, names });
  await checkChannels({ paths: found.map(({ path }) => path), queue: workflow, fields });
  const modelsAsked = `${await askedOf(models)}${isBuiltIn(chosen) ? '' : ` ${THIS_RUN}`}`;
  await makeFolder(output);
  using stop = new Stop(undefined);
  await using open = new AsyncDisposableStack();
  const display = openDisplay(process.stderr);
  display.say('Starting Redis, the models and the consumer …');
  const hasArchives = watch || found.some(({ path }) => /\.zip$/i.test(path));
  const wanted = { workflow, hasArchives, models, modules, output };
  const { environment, broken } = await startPrivately(wanted, open);
  void broken.then((error) => stop.now(error));
  const core = readCoreSettings(environment);
  if (models.kind !== 'stand-in') {
    const trial = {
      core,
      needed,
      place: placesOf(models),
      say: (line: string) => display.say(line),
    };
    await Promise.race([tryModels(trial), broken.then((error) => Promise.reject(error))]);
  }
  const batch = new Batch({
    request,
    workflow,
    workflows,
    names,
    fields,
    modelsAsked,
    core,
    stop,
    display,
  });
  const ended = watch ? await batch.watch() : await batch.once();
  display.close();
  const skipped = await batch.skipped();
  process.stdout.write(`${summary({ ended, output, queue: workflow, skipped })}\n${batch.more}`);
  if (stop.cause instanceof KnownError) throw stop.cause;
  if (stop.cause === 'interrupted') return INTERRUPTED;
  return ended.every(({ kind }) => kind === 'done') ? 0 : FAILED;
}

interface BatchOptions {
  readonly request: Request;
  readonly workflow: string;
  readonly workflows: readonly Workflow[];
  /** Which files of a folder are taken. */
  readonly names: TakenNames;
  readonly fields: FieldUpdates;
  /** What results depend on besides: where the models are, and the state of their files. */
  readonly modelsAsked: string;
  readonly core: CoreSettings;
  readonly stop: Stop;
  readonly display: Display;
}

/** The files of one folder of results, in one go or as they appear. */
class Batch {
  readonly #options: BatchOptions;
  readonly #asked: string;
  #skipped: readonly string[] = [];
  /** What has become of files in this run. */
  readonly #ended: Ended[] = [];
  #kept: readonly ResultRecord[] = [];

  constructor(options: BatchOptions) {
    this.#options = options;
    const { workflow, fields } = options;
    this.#asked = JSON.stringify([workflow, fields, options.modelsAsked]);
  }

  skipped(): Promise<Skipped[]> {
    return whySkipped(this.#skipped);
  }

  /** What there is to say besides the summary. */
  get more(): string {
    const own = new Set(this.#ended.map(({ path }) => path));
    const kept = this.#kept.filter(({ file }) => !own.has(file)).length;
    const interrupted = this.#ended.some(({ kind }) => kind === 'left');
    return [
      ...(kept > 0 ? [`Files done by an earlier run: ${kept}.\n`] : []),
      ...(interrupted ? ['The same command goes on with the others.\n'] : []),
    ].join('');
  }

  async once(): Promise<Ended[]> {
    return this.#work(await this.#files());
  }

  /** Works on files as they appear, each once it has stopped changing, until Ctrl-C. */
  async watch(): Promise<Ended[]> {
    const { stop, display } = this.#options;
    const settled = new SettledFiles();
    const tried = new Map<string, string>();
    const all: Ended[] = [];
    display.say('Waiting for new files; Ctrl-C ends.');
    while (!stop.signal.aborted) {
      const files = await settled.among(await this.#files());
      const fresh = await this.#untried(files, tried);
      if (fresh.length > 0) all.push(...(await this.#work(files, new Set(fresh))));
      await Promise.race([delay(LOOK_MS), once(stop.signal, 'abort')]);
    }
    return all;
  }

  async #untried(files: readonly InputFile[], tried: Map<string, string>): Promise<string[]> {
    const fresh: string[] = [];
    for (const { path } of files) {
      const print = await fingerprintOf(path, this.#asked);
      if (print === undefined || tried.get(path) === print) continue;
      tried.set(path, print);
      fresh.push(path);
    }
    return fresh;
  }

  async #files(): Promise<InputFile[]> {
    const { paths, output, watch } = this.#options.request;
    const skipped: string[] = [];
    const { names } = this.#options;
    const onSkipped = (path: string): void => void skipped.push(path);
    try {
      const found = await findFiles(paths, { output, names, onSkipped });
      this.#skipped = skipped;
      return withFolders(found);
    } catch (error) {
      if (watch) return [];
      throw error;
    }
  }

  /** Works on those of the files that are wanted and that no earlier run has finished. */
  async #work(files: readonly InputFile[], wanted?: ReadonlySet<string>): Promise<Ended[]> {
    const { request, workflow, workflows, fields, core, stop, display } = this.#options;
    const { output, overlays, omeTiff, geojson } = request;
    const forms = { overlays, omeTiff, geojson };
    const finished = await readFinished(output);
    const records = new Map((await readManifest(output))?.files.map((one) => [one.file, one]));
    const prints = new Map<string, Fingerprint>();
    const [kept, due]: [ResultRecord[], InputFile[]] = [[], []];
    for (const file of files) {
      const print = await fingerprintOf(file.path, this.#asked);
      if (print !== undefined) prints.set(file.path, print);
      const record = records.get(file.path);
      const isDone = record?.status === 'done' && record.folder === file.folder;
      if (isDone && finished.get(file.path) === print) kept.push(record);
      else if (wanted?.has(file.path) !== false) due.push(file);
      else if (record !== undefined) kept.push(record);
    }
    this.#kept = kept;
    const ended = await followAll({
      request: { queue: workflow, output, ...forms, wait: true, force: true, jobsEndWithUs: true },
      core,
      workflows,
      fields,
      files: due,
      skipped: await this.skipped(),
      kept,
      stop,
      display,
    });
    for (const { kind, path } of ended) {
      const print = prints.get(path);
      if (kind === 'done' && print !== undefined) finished.set(path, print);
    }
    this.#ended.push(...ended);
    await storing(output, () => writeFinished(output, finished)).catch((error: unknown) =>
      stop.now(classify(error)),
    );
    return ended;
  }
}
