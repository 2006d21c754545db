import { kindAndMessageOf, safeMessage } from '../error-message.ts';
import type { Setting, SettingValues } from '../config/setting.ts';
import type { OwnName } from './built-in-names.ts';
import type { Splits } from './family.ts';
import type { JobField } from '../job/job-field.ts';
import type { Job } from '../job/job.ts';
import type { ModelUse } from './model-use.ts';
import type { OwnMetric } from '../facts/own-metric.ts';
import type { AnyStage, Pipeline } from './stage.ts';
import type { TestModels } from './test-model.ts';
import type { Phases } from './running/run-phases.ts';
import { type PipelineEnd, pipelineProblems } from './shape/pipeline-problems.ts';
import { submitChildren } from './submit-children.ts';

/** What the pipeline of a workflow must leave: where the result is. */
export interface Delivered {
  readonly output: {
    /** URL that users download the result from. */
    readonly url: string;
    /** Key of the result in the bucket. */
    readonly fileName: string;
  };
}

type Settings = Readonly<Record<string, Setting<unknown>>>;

interface Described<Declared extends Settings> {
  readonly name: string;
  /** One sentence, for the list of workflows. */
  readonly summary: string;
  /** Other values of CONSUMER_TYPE that mean this workflow. */
  readonly aliases?: readonly string[];
  /** Whether the file can be worked on; if not, the job fails as the contract says. */
  readonly accepts: (job: Job) => boolean;
  readonly settings: Declared;
  /** The fields of the hash that its jobs obey; absent if it does not say. */
  readonly fields?: readonly JobField[];
  /**
   * A module that exports `kernels` of the author's own, by name, for `compute`:
   * `new URL('./kernels.ts', import.meta.url)`. They run on the threads of the pool.
   */
  readonly kernels?: URL;
  /** Metrics of the author's own, for its stages to `record`; no two workflows have one of a name. */
  readonly metrics?: readonly OwnMetric[];
  /**
   * What takes the place of its models in `runWorkflow`, `workflow run`, `local` and `model-server
   * --workflow`, by `name:version`. A consumer never runs them.
   */
  readonly testModels?: TestModels;
  /** The list to take jobs from, given QUEUE; QUEUE itself unless the workflow says otherwise. */
  readonly queueOf?: (queue: string) => string;
}

/** What one queue does: the jobs it accepts, its settings, its pipeline. */
export interface WorkflowDefinition<
  Declared extends Settings = Settings,
> extends Described<Declared> {
  readonly pipeline: (settings: SettingValues<Declared>) => Pipeline<Delivered>;
  /** The models that its jobs may run, for `doctor` to try. */
  readonly models?: (settings: SettingValues<Declared>) => readonly ModelUse[];
}

/**
 * A workflow whose jobs are made of other jobs. `split` yields the children; while they run the parent is
 * parked: it holds no permit, no memory and no thread. When the last has ended, `join` begins anew, here or
 * in another consumer, with nothing but the hash of the parent and `family.children` of its context.
 */
export interface ParentWorkflowDefinition<
  Declared extends Settings = Settings,
> extends Described<Declared> {
  readonly split: (settings: SettingValues<Declared>, queue: string) => Pipeline<Splits>;
  readonly join: (settings: SettingValues<Declared>, queue: string) => Pipeline<Delivered>;
  /** Whether the first child that fails wakes the parent, not only the last that ends. */
  readonly wakeOnFailure?: boolean;
}

/** A workflow with the type of its settings forgotten: its pipelines take what its own settings parsed to. */
export type Workflow =
  | (Described<Settings> & {
      readonly pipeline: (settings: never) => Pipeline<Delivered>;
      readonly models?: (settings: never) => readonly ModelUse[];
      readonly wakeOnFailure?: never;
    })
  | (Described<Settings> & {
      readonly split: (settings: never, queue: string) => Pipeline<Splits>;
      readonly join: (settings: never, queue: string) => Pipeline<Delivered>;
      readonly wakeOnFailure?: boolean;
    });

/** Declares a built-in workflow; its settings and stages are inferred and checked. */
export function builtInWorkflow<const Declared extends Settings>(
  definition: WorkflowDefinition<Declared>,
): WorkflowDefinition<Declared>;
export function builtInWorkflow<const Declared extends Settings>(
  definition: ParentWorkflowDefinition<Declared>,
): ParentWorkflowDefinition<Declared>;
export function builtInWorkflow(definition: Workflow): Workflow {
  return definition;
}

interface Named<Name extends string> {
  readonly name: Name & OwnName<Name>;
}

/**
 * Declares a workflow; its settings and stages are inferred and checked.
 *
 * @example
 * const workflow = defineWorkflow({
 *   name: 'bright-pixels',
 *   summary: 'Counts bright pixels.',
 *   accepts: (job) => isImage(job.inputFileName),
 *   settings: { level: setting.number('BRIGHT_LEVEL', 0.5, 'Least brightness.') },
 *   pipeline: ({ level }) =>
 *     pipeline(
 *       download,
 *       describeImage,
 *       decodeImage,
 *       orient(),
 *       packageResults(({ image }) => [
 *         csv('bright.csv', ['pixels'], [[image.data.filter((value) => value > level).length]]),
 *       ]),
 *       upload,
 *     ),
 * });
 */
export function defineWorkflow<const Declared extends Settings, const Name extends string = string>(
  definition: WorkflowDefinition<Declared> & Named<Name>,
): WorkflowDefinition<Declared>;
export function defineWorkflow<const Declared extends Settings, const Name extends string = string>(
  definition: ParentWorkflowDefinition<Declared> & Named<Name>,
): ParentWorkflowDefinition<Declared>;
export function defineWorkflow(definition: Workflow): Workflow {
  return definition;
}

const WITH_OUTPUT = {
  field: 'output',
  hint: 'Let the pipeline end with packageResults and upload.',
};
const WITH_CHILDREN = {
  field: 'children',
  hint: 'Let `split` end with splitPositions, or a stage of your own that leaves them.',
};
const OF_CHILDREN = {
  field: 'output',
  hint: 'Let `join` end with mergeResults and removeTemporary.',
};

/** The stages of each phase, and what is wrong with them, a sentence each. */
interface CheckedPhases {
  readonly phases: Phases;
  readonly problems: readonly string[];
}

/**
 * The stages of each phase of a workflow, given its settings and QUEUE. Its functions are called once: jobs run
 * the stages that were checked, even if a function of its author returns others the next time.
 */
export function checkedPhases(workflow: Workflow, settings: unknown, queue: string): CheckedPhases {
  // A workflow is stored with the type of its settings forgotten; these are the values of its own settings.
  const own = settings as never;
  const { name } = workflow;
  if ('pipeline' in workflow) {
    const work = built(`Workflow "${name}"`, () => workflow.pipeline(own), WITH_OUTPUT);
    return { phases: { work: work.stages }, problems: work.problems };
  }
  const split = built(`Workflow "${name}", split`, () => workflow.split(own, queue), WITH_CHILDREN);
  const join = built(`Workflow "${name}", join`, () => workflow.join(own, queue), OF_CHILDREN);
  return {
    phases: { split: [...split.stages, submitChildren], join: join.stages },
    problems: [...split.problems, ...join.problems],
  };
}

interface Built {
  readonly stages: readonly AnyStage[];
  readonly problems: readonly string[];
}

/** Authors write the function; a setting that it misses is a mistake of theirs, told like any other. */
function built(where: string, build: () => Pipeline<unknown>, end: PipelineEnd): Built {
  try {
    const pipeline = build();
    const problems = pipelineProblems(pipeline, end).map((problem) => `${where}: ${problem}`);
    return { stages: problems.length > 0 ? [] : [...pipeline.stages], problems };
  } catch (error) {
    const why = safeMessage(kindAndMessageOf(error));
    return { stages: [], problems: [`${where}: its stages cannot be put together: ${why}`] };
  }
}

/** The models that jobs of a workflow may run; undefined if it does not say. */
export function modelsOf(workflow: Workflow, settings: unknown): readonly ModelUse[] | undefined {
  // As above: these are the values of its own settings.
  return 'pipeline' in workflow ? workflow.models?.(settings as never) : undefined;
}

/**
 * Whether the key names anything but a zip archive.
 *
 * @example
 * const accepts = (job: Job) => isImage(job.inputFileName);
 */
export function isImage(fileName: string): boolean {
  return fileName !== '' && !fileName.toLowerCase().endsWith('.zip');
}
