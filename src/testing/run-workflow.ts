import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { FolderBucket } from '../adapters/bucket/folder/folder-bucket.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import type { Environment } from '../config/load.ts';
import { KnownError } from '../errors.ts';
import type { Fact } from '../facts/flow.ts';
import type { Phases } from '../flow/running/run-phases.ts';
import type { Recorded } from '../facts/own-metric.ts';
import type { TestModels } from '../flow/test-model.ts';
import type { Workflow } from '../flow/workflow.ts';
import { encodeTiff } from '../formats/encode-tiff.ts';
import type { NdArray } from '../imaging/array.ts';
import type { Bucket, ComputePool, JobFields } from '../ports.ts';
import { checkedWorkflow } from './checked-workflow.ts';
import { InProcessModels } from './in-process-models.ts';
import { openKernels } from './open-kernels.ts';
import { type OutputFile, outputFiles } from './output-file.ts';
import { inlineStandIns } from './stand-ins.ts';
import { servedTestModels } from './test-model.ts';
import { Workbench, overheard } from './workbench.ts';

/**
 * The job to run, and what takes the place of the rest of a cluster.
 *
 * @example
 * const options: RunOptions = { image, fields: { level: '0.7' }, settings: { MINE_LEVEL: '0.5' } };
 * await runWorkflow(workflow, options);
 */
export interface RunOptions {
  /** The bytes of a file, or an array of `[row, column]` or several of these, which becomes a TIFF of float32. */
  readonly image: Uint8Array | NdArray;
  /** What the user calls the image; `image.tif` if absent. */
  readonly name?: string;
  /** What the user asks for: fields of the job's hash. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Variables as of the environment, which itself is not read. */
  readonly settings?: Environment;
  /**
   * Models by `name:version`, in place of those of the same name among the workflow's `testModels` and the
   * classical stand-ins of `model-server`; the others of these are served too.
   */
  readonly models?: TestModels;
  /** QUEUE; the name of the workflow if absent. */
  readonly queue?: string;
  /** For workflows of `split` and `join`: who does the children, by their queue. */
  readonly children?: Readonly<Record<string, Workflow>>;
  /** Threads that run kernels; 0, if absent: they run on the calling thread, which debuggers like better. */
  readonly threads?: number;
  /** When the run is given up; 60 seconds if absent. */
  readonly timeoutMs?: number;
}

/**
 * A value that a stage recorded: the name of the metric, and its labels.
 *
 * @example
 * const { recorded } = await runWorkflow(workflow, { image });
 * const expected: RecordedValue[] = [{ metric: 'my_flow_focus', value: 1, labels: {} }];
 * assert.deepEqual(recorded, expected);
 */
export interface RecordedValue {
  readonly metric: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What became of the job.
 *
 * @example
 * const { status, error }: WorkflowRun = await runWorkflow(workflow, { image });
 * assert.equal(status, 'done', error?.message);
 */
export interface WorkflowRun {
  readonly status: 'done' | 'failed';
  /** Why it failed; undefined if it is done. */
  readonly error:
    | {
        readonly code: string;
        readonly message: string;
        /** What was thrown, with its stack, where an error was not meant to be one. */
        readonly cause?: unknown;
      }
    | undefined;
  /** The files of the result, in their order; none if it failed. */
  readonly files: ReadonlyMap<string, OutputFile>;
  /** What stages added to the hash with `note`. */
  readonly notes: Readonly<Record<string, string | number>>;
  readonly warnings: readonly string[];
  /** What stages recorded of the metrics of the workflow, in order. */
  readonly recorded: readonly RecordedValue[];
  /** Milliseconds by stage, in the order in which they ended. */
  readonly stageTimes: Readonly<Record<string, number>>;
  /** The whole hash of the job in the end. */
  readonly fields: JobFields;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Runs one job through a workflow in this process, without Redis, model servers or a bucket. The worker, the
 * wiring, the stages and the kernels are those of a consumer; jobs are in memory, objects in a temporary
 * folder, models are functions.
 *
 * A job that fails is a result with `status: 'failed'`; a workflow that a consumer would refuse at its start
 * is thrown, as `bad_settings`.
 *
 * @example
 * const { status, files } = await runWorkflow(workflow, {
 *   image: { shape: [64, 64], data: new Float32Array(64 * 64) },
 *   fields: { channels: '0' },
 * });
 * assert.equal(status, 'done');
 * assert.deepEqual(files.get('labels.tif')?.array().shape, [64, 64]);
 */
export async function runWorkflow(workflow: Workflow, options: RunOptions): Promise<WorkflowRun> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-run-'));
  const bucket = new FolderBucket(pathToFileURL(folder).href);
  const compute = await openKernels(workflow, options.threads ?? 0);
  try {
    return await new Run(workflow, { ...options, bucket, compute }).result();
  } finally {
    await compute.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Opened extends RunOptions {
  readonly bucket: Bucket;
  readonly compute: ComputePool;
}

class Run {
  readonly #workflow: Workflow;
  readonly #options: Opened;
  readonly #bench: Workbench;
  readonly #queue: string;
  readonly #key: string;
  readonly #ended = Promise.withResolvers<void>();
  readonly #notes: Record<string, string | number> = {};
  readonly #warnings: string[] = [];
  readonly #recorded: RecordedValue[] = [];
  readonly #stageTimes: Record<string, number> = {};
  #error: WorkflowRun['error'];

  constructor(workflow: Workflow, options: Opened) {
    const base = options.queue ?? workflow.name;
    this.#workflow = workflow;
    this.#options = options;
    this.#queue = workflow.queueOf?.(base) ?? base;
    this.#key = `${this.#queue}:${this.#name}:1`;
    const { bucket, compute } = options;
    const children = Object.values(options.children ?? {});
    const own = [options.models, ...[workflow, ...children].map(({ testModels }) => testModels)];
    const served = own.flatMap((some) => servedTestModels(some ?? {}));
    const models = new InProcessModels(...served, ...inlineStandIns());
    const ports = { bucket, compute, models, clock };
    this.#bench = new Workbench({ ports, listen: (fact) => this.#listen(fact) });
  }

  async result(): Promise<WorkflowRun> {
    const timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    // It may fail before anybody waits for it below, as when the start takes longer than the timeout.
    this.#ended.promise.catch(() => undefined);
    const overdue = setTimeout(
      () => this.#ended.reject(tooLong(timeoutMs, this.#error)),
      timeoutMs,
    );
    try {
      await this.#start();
      await this.#submit();
      await this.#ended.promise;
    } finally {
      clearTimeout(overdue);
      await this.#bench.close();
    }
    return this.#describe();
  }

  get #name(): string {
    return this.#options.name ?? 'image.tif';
  }

  /** A worker for the workflow, and one for each queue of its children. */
  async #start(): Promise<void> {
    const { queue: base = this.#workflow.name, children = {} } = this.#options;
    await this.#serve(this.#workflow, { queue: this.#queue, base });
    for (const [queue, workflow] of Object.entries(children)) {
      await this.#serve(workflow, { queue, base: queue });
    }
  }

  async #serve(
    workflow: Workflow,
    { queue, base }: { readonly queue: string; readonly base: string },
  ): Promise<void> {
    const { settings = {}, compute } = this.#options;
    const kernels = (): Promise<readonly string[]> => compute.names();
    const checked = await checkedWorkflow(workflow, { settings, queue: base, kernels });
    const phases: Phases = overheard(checked.phases, this.#key, (fields) =>
      Object.assign(this.#notes, fields),
    );
    this.#bench.start({ ...checked, phases, queue }, (error) => this.#ended.reject(error));
  }

  async #submit(): Promise<void> {
    const { bucket, image, fields = {} } = this.#options;
    const key = `uploads/${this.#name}`;
    const bytes = image instanceof Uint8Array ? image : encodeTiff(floats(image));
    const signal = new AbortController().signal;
    await bucket.upload(key, once(bytes), { contentType: 'application/octet-stream', signal });
    const file = { input_file_name: key, original_name: this.#name, status: 'new' };
    this.#bench.jobs.submit(this.#queue, this.#key, { ...file, ...fields });
  }

  #listen(fact: Fact): void {
    if (fact.type === 'job ended') this.#jobEnded(fact);
    if (!('job' in fact) || fact.job.key !== this.#key) return;
    if (fact.type === 'job warned') this.#warnings.push(fact.message);
    if (fact.type === 'metric recorded') this.#record(fact);
    if (fact.type !== 'stage ended') return;
    this.#stageTimes[fact.stage] = (this.#stageTimes[fact.stage] ?? 0) + fact.ms;
  }

  #record({ metric, value, labels }: Recorded): void {
    this.#recorded.push({ metric: metric.name, value, labels });
  }

  #jobEnded({ key, outcome, error }: Extract<Fact, { type: 'job ended' }>): void {
    if (outcome === 'parked') {
      const [queue] = this.#bench.unserved();
      if (queue !== undefined) this.#ended.reject(unserved(queue));
    }
    if (key !== this.#key) return;
    this.#error = error && {
      code: error.code,
      message: error.message,
      ...(error.cause !== undefined && { cause: error.cause }),
    };
    if (['done', 'failed', 'buried'].includes(outcome)) this.#ended.resolve();
  }

  async #describe(): Promise<WorkflowRun> {
    const fields = this.#bench.jobs.fields(this.#key);
    return {
      status: fields['status'] === 'done' ? 'done' : 'failed',
      error: this.#error,
      files: await this.#files(fields['output_file_name']),
      notes: this.#notes,
      warnings: this.#warnings,
      recorded: this.#recorded,
      stageTimes: this.#stageTimes,
      fields,
    };
  }

  async #files(key: string | undefined): Promise<Map<string, OutputFile>> {
    if (key === undefined || this.#error !== undefined) return new Map();
    const { body } = await this.#options.bucket.open(key, new AbortController().signal);
    return outputFiles(key, await buffer(body));
  }
}

function floats({ shape, data }: NdArray): NdArray<Float32Array> {
  return { shape, data: Float32Array.from(data) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function unserved(queue: string): KnownError {
  const how = `name the workflow that does them: children: { '${queue}': … }`;
  return new KnownError('bad_usage', `There are children in the queue "${queue}"; ${how}.`);
}

function tooLong(timeoutMs: number, error: WorkflowRun['error']): KnownError {
  const last = error === undefined ? '' : ` It went back to its queue: ${error.message}`;
  return new KnownError('job_timeout', `The job has not ended within ${timeoutMs} ms.${last}`);
}
