import { CORE_SETTINGS } from '../config/core-settings.ts';
import type { Workflow } from '../flow/workflow.ts';
import { WORKFLOWS } from '../workflows/index.ts';
import { namesOf } from './choose-consumers.ts';

/** What is wrong with workflows of authors beside the built-in ones: names and settings that are taken. */
export function ownWorkflowProblems(own: readonly Workflow[]): string[] {
  const builtIn = new Set(WORKFLOWS.flatMap(namesOf));
  const core = new Set(
    Object.values(CORE_SETTINGS).flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  const names = own.flatMap(namesOf);
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  const doubled = Array.from(
    twice,
    (name) => `Two of your workflows are called "${name}"; give one another name.`,
  );
  const each = own.flatMap((workflow) => [
    ...namesOf(workflow)
      .filter((name) => builtIn.has(name))
      .map((name) => `There is a built-in workflow "${name}"; give yours another name.`),
    ...Object.values(workflow.settings)
      .filter(({ name }) => core.has(name))
      .map(
        ({ name }) =>
          `Workflow "${workflow.name}" declares the setting ${name}, which means something else already.`,
      ),
  ]);
  return [...doubled, ...each, ...contradictions(own), ...sharedMetrics(own)];
}

/** Workflows may read the same variable, but it must mean the same to all of them. */
function contradictions(own: readonly Workflow[]): string[] {
  const first = new Map<string, { readonly allowed: string; readonly of: string }>();
  const all = [...WORKFLOWS, ...own].flatMap(({ name: of, settings }) =>
    Object.values(settings).map(({ name, allowed }) => ({ name, allowed, of })),
  );
  return all.flatMap(({ name, allowed, of }) => {
    const other = first.get(name) ?? { allowed, of };
    first.set(name, other);
    return other.allowed === allowed || other.of === of
      ? []
      : [
          `Workflow "${of}" reads ${name} as ${allowed}, but "${other.of}" as ${other.allowed}; give it another name.`,
        ];
  });
}

/** Two workflows may import one metric, but not have two of one name. */
function sharedMetrics(own: readonly Workflow[]): string[] {
  const first = new Map<string, { readonly metric: unknown; readonly of: string }>();
  const all = own.flatMap(({ name: of, metrics = [] }) =>
    metrics.map((metric) => ({ metric, of })),
  );
  return all.flatMap(({ metric, of }) => {
    const other = first.get(metric.name) ?? { metric, of };
    first.set(metric.name, other);
    return other.metric === metric
      ? []
      : [
          `Workflow "${of}" declares the metric ${metric.name}, which "${other.of}" has already; give it another name.`,
        ];
  });
}
