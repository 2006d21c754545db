import { CORE_SETTINGS } from '../config/core-settings.ts';
import { type Environment, loadSettings } from '../config/load.ts';
import { type Setting, type SettingValues, setting } from '../config/setting.ts';
import { KnownError } from '../errors.ts';
import type { AnyStage } from '../flow/pipeline.ts';
import { type Phases, stagesOf } from '../flow/run-phases.ts';
import { type Workflow, phasesOf } from '../flow/workflow.ts';
import { WORKFLOWS, findWorkflow } from '../workflows/index.ts';
import { loadWorkflowModules } from './workflow-modules.ts';

export type CoreSettings = SettingValues<typeof CORE_SETTINGS>;

/** Everything that the environment decides. */
export interface Configuration {
  readonly core: CoreSettings;
  readonly workflow: Workflow;
  /** The list that jobs are taken from. */
  readonly queue: string;
  readonly phases: Phases;
  /** Jobs that may be in a stage at a time, by the name of the stage. */
  readonly concurrency: ReadonlyMap<string, number>;
  /** Every variable in force, for `check-config`; secrets are masked. */
  readonly inForce: Readonly<Record<string, string>>;
}

/** Reads the environment. All mistakes are reported together, as one `bad_settings`. */
export async function readSettings(environment?: Environment): Promise<Configuration> {
  const core = loadSettings(CORE_SETTINGS, environment);
  const problems = [...core.problems];
  const workflows = [
    ...WORKFLOWS,
    ...(await loadWorkflowModules(core.values.workflowModules, problems)),
  ];
  const workflow = chooseWorkflow(core.values.consumerType, workflows, problems);
  const own = workflow && loadSettings(workflow.settings, environment);
  const base = core.values.queue.toLowerCase();
  const phases = own && phasesOf(workflow, own.values, base);
  const stages = concurrencySettings(stagesOf(phases ?? {}));
  const concurrency = loadSettings(stages, environment);
  problems.push(...(own?.problems ?? []), ...concurrency.problems);
  if (problems.length > 0 || workflow === undefined || phases === undefined) {
    throw new KnownError('bad_settings', `Settings are wrong. ${problems.join(' ')}`, {
      details: { problems },
    });
  }
  return {
    core: core.values,
    workflow,
    queue: workflow.queueOf?.(base) ?? base,
    phases,
    concurrency: new Map(Object.entries(concurrency.values)),
    inForce: {
      ...shown(CORE_SETTINGS, core.values),
      ...shown(workflow.settings, own?.values ?? {}),
      ...shown(stages, concurrency.values),
    },
  };
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

function chooseWorkflow(
  consumerType: string,
  workflows: readonly Workflow[],
  problems: string[],
): Workflow | undefined {
  try {
    return findWorkflow(consumerType, workflows);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}

function shown(
  declared: Readonly<Record<string, Setting<unknown>>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(declared).map(([key, { name, secret }]) => [
      name,
      secret ? '***' : words(values[key]),
    ]),
  );
}

function words(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'object' && value !== null && 'version' in value && 'name' in value) {
    return `${String(value.name)}:${String(value.version)}`;
  }
  return Array.isArray(value) ? value.join(',') : `${value as string | number | boolean}`;
}
