import { CORE_SETTINGS } from '../config/core-settings.ts';
import { type Environment, loadSettings } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import { kernelProblems } from '../consumer/kernel-problems.ts';
import type { CoreSettings } from '../consumer/settings/read-settings.ts';
import type { Phases } from '../flow/running/run-phases.ts';
import { workflowShapeProblems } from '../flow/shape/workflow-shape.ts';
import { type Workflow, checkedPhases } from '../flow/workflow.ts';
import { hiddenStandIns, inlineStandIns } from './stand-ins.ts';
import { wrongSettings } from '../consumer/settings/wrong-settings.ts';

/** A workflow with its settings read and its stages checked. */
export interface CheckedWorkflow {
  readonly workflow: Workflow;
  readonly core: CoreSettings;
  readonly phases: Phases;
}

interface Given {
  readonly settings: Environment;
  /** What the workflow gets as QUEUE. */
  readonly queue: string;
  readonly kernels: () => Promise<readonly string[]>;
}

/** Checks a workflow as a consumer does at its start. All mistakes together are `bad_settings`. */
export async function checkedWorkflow(
  workflow: Workflow,
  { settings, queue, kernels }: Given,
): Promise<CheckedWorkflow> {
  const misshapen = workflowShapeProblems(workflow);
  if (misshapen.length > 0) throw wrongSettings(misshapen);
  const own = loadSettings(workflow.settings, settings);
  const core = loadSettings(CORE_SETTINGS, settings);
  const problems = [...own.problems, ...core.problems, ...strangers(workflow, settings)];
  const { phases, problems: misplaced } = checkedPhases(workflow, own.values, queue);
  problems.push(...misplaced, ...hiddenStandIns([workflow], inlineStandIns()));
  problems.push(...(await kernelProblems(phases, kernels)));
  if (problems.length > 0) throw wrongSettings(problems);
  return { workflow, core: core.values, phases };
}

/** Settings that nothing reads are mistakes: a test gives no other variables. */
function strangers(workflow: Workflow, settings: Environment): string[] {
  const declared = [...Object.values(workflow.settings), ...Object.values(CORE_SETTINGS)];
  const known = declared.flatMap(({ name, aliases }) => [name, ...aliases]);
  return Object.keys(settings)
    .filter((name) => !known.includes(name))
    .map((name) => `No setting is called ${name}.${didYouMean(name, known)}`);
}
