import { CORE_SETTINGS } from '../../config/core-settings.ts';
import { type Environment, type Loaded, loadSettings } from '../../config/load.ts';
import { type Setting, type SettingValues, setting } from '../../config/setting.ts';
import { kindAndMessageOf, safeMessage, withoutCredentials } from '../../error-message.ts';
import { KnownError } from '../../errors.ts';
import type { AnyStage } from '../../flow/stage.ts';
import { type Phases, stagesOf } from '../../flow/running/run-phases.ts';
import { type Workflow, checkedPhases } from '../../flow/workflow.ts';
import { WORKFLOWS } from '../../workflows/index.ts';
import { type Consumer, chooseConsumers } from '../choose-consumers.ts';
import { type NamedModel, namedModels } from '../named-models.ts';
import { ownWorkflowProblems } from '../own-workflow-problems.ts';
import { settingsWarnings } from './settings-warnings.ts';
import { loadWorkflowModules } from '../workflow-modules.ts';

export type CoreSettings = SettingValues<typeof CORE_SETTINGS>;

/** Everything that the environment decides. */
export interface Configuration {
  readonly core: CoreSettings;
  /** One for each queue that this process serves; at least one. */
  readonly consumers: readonly ConfiguredConsumer[];
  /**
   * Jobs that may be in a stage at a time, by the name of the stage; pipelines share the stages that they
   * name alike.
   */
  readonly concurrency: ReadonlyMap<string, number>;
  /** Every variable in force, for `check-config` and the log. */
  readonly inForce: readonly SettingInForce[];
  /** What may be a mistake, though the settings are allowed. */
  readonly warnings: readonly string[];
}

/** A workflow on its queue, with its settings read and its stages checked. */
export interface ConfiguredConsumer extends Consumer {
  readonly phases: Phases;
  /** The fields of jobs that some workflow reads; undefined if this one does not say which it reads. */
  readonly knownFields: ReadonlySet<string> | undefined;
  /** The models that its jobs may run. */
  readonly models: readonly NamedModel[];
  /** Whether its jobs need a model server at all. One that only makes jobs of jobs works without. */
  readonly usesModels: boolean;
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
  const unread: string[] = [];
  const ofAuthors = await loadWorkflowModules(core.values.workflowModules, unread);
  problems.push(...unread);
  problems.push(...ownWorkflowProblems(ofAuthors), ...clashingPorts(core.values));
  const workflows = [...WORKFLOWS, ...ofAuthors];
  // What could not be read may be what CONSUMERS names.
  const chosen = chooseConsumers(core.values, workflows, unread.length > 0 ? [] : problems);
  const own = readOwn(chosen, environment);
  const consumers = chosen.flatMap((consumer) => {
    const { workflow } = consumer;
    const phases = orderedPhases(consumer, own.get(workflow)?.values, problems);
    const knownFields = workflow.fields && fieldNames(workflows);
    if (phases === undefined) return [];
    const models = modelsToTry(workflow, own.get(workflow)?.values ?? {}, problems);
    const usesModels = 'pipeline' in workflow || models.length > 0;
    return [{ ...consumer, phases, knownFields, models, usesModels }];
  });
  const stages = concurrencySettings(consumers.flatMap(({ phases }) => stagesOf(phases)));
  const concurrency = loadSettings(stages, environment);
  problems.push(...[...own.values(), concurrency].flatMap((loaded) => loaded.problems));
  if (problems.length > 0) {
    const distinct = [...new Set(problems)];
    throw new KnownError('bad_settings', `Invalid settings. ${distinct.join(' ')}`, {
      details: { problems: distinct },
    });
  }
  const all = [
    ...inForce(CORE_SETTINGS, core),
    ...[...own].flatMap(([workflow, loaded]) => inForce(workflow.settings, loaded)),
    ...inForce(stages, concurrency),
  ];
  return {
    core: core.values,
    consumers,
    concurrency: new Map(Object.entries(concurrency.values)),
    // Workflows may read the same variable.
    inForce: [...new Map(all.map((one) => [one.name, one])).values()],
    warnings: settingsWarnings({ core, workflows, stages, environment }),
  };
}

type OwnSettings = Loaded<Readonly<Record<string, Setting<unknown>>>>;

/** The settings of each workflow. */
function readOwn(
  consumers: readonly Consumer[],
  environment: Environment | undefined,
): ReadonlyMap<Workflow, OwnSettings> {
  return new Map(
    consumers.map(({ workflow }) => [workflow, loadSettings(workflow.settings, environment)]),
  );
}

/** The phases of a workflow whose stages are in order; otherwise what is wrong with them is added to `problems`. */
function orderedPhases(
  { workflow, base }: Consumer,
  values: unknown,
  problems: string[],
): Phases | undefined {
  const { phases, problems: misplaced } = checkedPhases(workflow, values, base);
  problems.push(...misplaced);
  return misplaced.length === 0 ? phases : undefined;
}

/** The models of a workflow; a mistake of its author is added to `problems`. */
function modelsToTry(
  workflow: Workflow,
  values: Readonly<Record<string, unknown>>,
  problems: string[],
): readonly NamedModel[] {
  try {
    return namedModels(workflow, values);
  } catch (error) {
    const why = safeMessage(kindAndMessageOf(error));
    problems.push(`Workflow "${workflow.name}": its models cannot be listed: ${why}.`);
    return [];
  }
}

function fieldNames(workflows: readonly Workflow[]): ReadonlySet<string> {
  return new Set(workflows.flatMap(({ fields = [] }) => fields.map(({ name }) => name)));
}

/**
 * `<STAGE>_CONCURRENCY` for each stage, in order. Of stages with one name, which share their places, the
 * largest default holds.
 */
export function concurrencySettings(stages: readonly AnyStage[]): Record<string, Setting<number>> {
  const places = new Map<string, number>();
  for (const { name, concurrency } of stages) {
    places.set(name, Math.max(concurrency, places.get(name) ?? 0));
  }
  const entries = Array.from(places, ([name, concurrency]) => [
    name,
    setting.integer(
      `${name.toUpperCase()}_CONCURRENCY`,
      concurrency,
      `Maximum jobs in stage ${name} at a time.`,
      { min: 1, max: 10_000 },
    ),
  ]);
  return Object.fromEntries(entries) as Record<string, Setting<number>>;
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
