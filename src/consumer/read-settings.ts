import { CORE_SETTINGS } from '../config/core-settings.ts';
import { type Environment, type Loaded, loadSettings } from '../config/load.ts';
import { type Setting, type SettingValues, setting } from '../config/setting.ts';
import { withoutCredentials } from '../error-message.ts';
import { KnownError } from '../errors.ts';
import type { AnyStage } from '../flow/stage.ts';
import { type Phases, stagesOf } from '../flow/run-phases.ts';
import { type Workflow, phasesOf, stageProblems } from '../flow/workflow.ts';
import { WORKFLOWS } from '../workflows/index.ts';
import { chooseWorkflow, ownWorkflowProblems } from './choose-workflow.ts';
import { settingsWarnings } from './settings-warnings.ts';
import { loadWorkflowModules } from './workflow-modules.ts';

export type CoreSettings = SettingValues<typeof CORE_SETTINGS>;

/** Everything that the environment decides. */
export interface Configuration {
  readonly core: CoreSettings;
  readonly workflow: Workflow;
  /** The list that jobs are taken from. */
  readonly queue: string;
  readonly phases: Phases;
  /** The fields of jobs that some workflow reads; undefined if that of this consumer does not say which it reads. */
  readonly knownFields: ReadonlySet<string> | undefined;
  /** Jobs that may be in a stage at a time, by the name of the stage. */
  readonly concurrency: ReadonlyMap<string, number>;
  /** Every variable in force, for `check-config` and the log. */
  readonly inForce: readonly SettingInForce[];
  /** What may be a mistake, though the settings are allowed. */
  readonly warnings: readonly string[];
}

/** A variable as people may see it: a secret is masked. */
export interface SettingInForce {
  readonly name: string;
  readonly value: string;
  /** Whether the environment gives it. */
  readonly isSet: boolean;
}

/** Reads the environment. All mistakes are reported together, as one `bad_settings`. */
export async function readSettings(environment?: Environment): Promise<Configuration> {
  const core = loadSettings(CORE_SETTINGS, environment);
  const problems = [...core.problems];
  const ofAuthors = await loadWorkflowModules(core.values.workflowModules, problems);
  problems.push(...ownWorkflowProblems(ofAuthors), ...clashingPorts(core.values));
  const workflows = [...WORKFLOWS, ...ofAuthors];
  const workflow = chooseWorkflow(core.values.consumerType, workflows, problems);
  const own = workflow && loadSettings(workflow.settings, environment);
  const base = core.values.queue.toLowerCase();
  const phases = own && orderedPhases(workflow, own.values, { base, problems });
  const stages = concurrencySettings(stagesOf(phases ?? {}));
  const concurrency = loadSettings(stages, environment);
  problems.push(...(own?.problems ?? []), ...concurrency.problems);
  if (problems.length > 0 || workflow === undefined || phases === undefined) {
    throw new KnownError('bad_settings', `Invalid settings. ${problems.join(' ')}`, {
      details: { problems },
    });
  }
  return {
    core: core.values,
    workflow,
    queue: workflow.queueOf?.(base) ?? base,
    phases,
    knownFields: workflow.fields && fieldNames(workflows),
    concurrency: new Map(Object.entries(concurrency.values)),
    inForce: [
      ...inForce(CORE_SETTINGS, core),
      ...(own ? inForce(workflow.settings, own) : []),
      ...inForce(stages, concurrency),
    ],
    warnings: settingsWarnings({ core, workflows, stages, environment }),
  };
}

/** The phases of a workflow whose stages are in order; otherwise what is wrong with them is added to `problems`. */
function orderedPhases(
  workflow: Workflow,
  values: unknown,
  { base, problems }: { readonly base: string; readonly problems: string[] },
): Phases | undefined {
  const misplaced = stageProblems(workflow, values, base);
  problems.push(...misplaced);
  return misplaced.length === 0 ? phasesOf(workflow, values, base) : undefined;
}

function fieldNames(workflows: readonly Workflow[]): ReadonlySet<string> {
  return new Set(workflows.flatMap(({ fields = [] }) => fields.map(({ name }) => name)));
}

/** `<STAGE>_CONCURRENCY` for each stage of a pipeline. */
export function concurrencySettings(stages: readonly AnyStage[]): Record<string, Setting<number>> {
  return Object.fromEntries(
    stages.map(({ name, concurrency }) => [
      name,
      setting.integer(
        `${name.toUpperCase()}_CONCURRENCY`,
        concurrency,
        `Jobs in stage ${name} at a time.`,
        {
          min: 1,
          max: 10_000,
        },
      ),
    ]),
  );
}

function clashingPorts({ httpPort, healthPort }: CoreSettings): string[] {
  return httpPort !== 0 && httpPort === healthPort
    ? [`HTTP_PORT and HEALTH_PORT are both ${httpPort}; give them different ports.`]
    : [];
}

function inForce(
  declared: Readonly<Record<string, Setting<unknown>>>,
  { values, given }: Loaded<Readonly<Record<string, Setting<unknown>>>>,
): SettingInForce[] {
  return Object.entries(declared).map(([key, { name, secret }]) => {
    const isSet = given.has(name);
    const masked = isSet ? '***' : '';
    return { name, value: secret ? masked : withoutCredentials(words(values[key])), isSet };
  });
}

function words(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'object' && value !== null && 'version' in value && 'name' in value) {
    return `${String(value.name)}:${String(value.version)}`;
  }
  return Array.isArray(value) ? value.join(',') : `${value as string | number | boolean}`;
}
