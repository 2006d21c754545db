import type { Setting, SettingValues } from '../config/setting.ts';
import type { Pipeline } from './pipeline.ts';
import type { Job } from './job.ts';

/** What the pipeline of a workflow must leave: where the result is. */
export interface Delivered {
  readonly output: {
    /** URL that users download the result from. */
    readonly url: string;
    /** Key of the result in the bucket. */
    readonly fileName: string;
  };
}

/** What one queue does: the jobs it accepts, its settings, its pipeline. */
export interface WorkflowDefinition<Settings extends Readonly<Record<string, Setting<unknown>>>> {
  readonly name: string;
  /** One sentence, for the list of workflows. */
  readonly summary: string;
  /** Other values of CONSUMER_TYPE that mean this workflow. */
  readonly aliases?: readonly string[];
  /** Whether the file can be worked on; if not, the job fails as the contract says. */
  readonly accepts: (job: Job) => boolean;
  readonly settings: Settings;
  readonly pipeline: (settings: SettingValues<Settings>) => Pipeline<Delivered>;
}

/** A workflow with the type of its settings forgotten: its pipeline takes what its own settings parsed to. */
export interface Workflow extends Omit<
  WorkflowDefinition<Record<string, Setting<unknown>>>,
  'pipeline'
> {
  readonly pipeline: (settings: never) => Pipeline<Delivered>;
}

/** Declares a workflow; its settings and stages are inferred and checked. */
export function defineWorkflow<const Settings extends Readonly<Record<string, Setting<unknown>>>>(
  definition: WorkflowDefinition<Settings>,
): WorkflowDefinition<Settings> {
  return definition;
}

/** Whether the key names anything but a zip archive. */
export function isImage(fileName: string): boolean {
  return fileName !== '' && !fileName.toLowerCase().endsWith('.zip');
}
