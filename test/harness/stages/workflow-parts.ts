import { loadSettings } from '../../../src/config/load.ts';
import type { StageContext } from '../../../src/flow/stage.ts';
import { type Workflow, checkedPhases } from '../../../src/flow/workflow.ts';
import { sampleJob } from './job-in-flight.ts';

/** The names of the stages of each phase, in order, with settings from these variables. */
export function stageNames(workflow: Workflow, environment = {}): Record<string, string[]> {
  const { values } = loadSettings(workflow.settings, environment);
  return Object.fromEntries(
    Object.entries(checkedPhases(workflow, values, 'Base').phases).map(([phase, stages]) => [
      phase,
      stages.map(({ name }) => name),
    ]),
  );
}

/** The settings of a workflow by the variable, as they are where nothing is set. */
export function defaultsOf({ settings }: Workflow): Record<string, unknown> {
  return Object.fromEntries(Object.values(settings).map(({ name, fallback }) => [name, fallback]));
}

/** Which of these files a workflow accepts. */
export function accepted(workflow: Workflow, ...names: readonly string[]): string[] {
  return names.filter((inputFileName) => workflow.accepts(sampleJob({ inputFileName })));
}

/** Runs the stages of a phase one after the other, each on what those before it left. */
export async function runPhase(
  workflow: Workflow,
  phase: 'work' | 'split' | 'join',
  context: StageContext,
): Promise<object> {
  const { values } = loadSettings(workflow.settings, {});
  let value: object = {};
  for (const stage of checkedPhases(workflow, values, 'image').phases[phase] ?? []) {
    // The types of a pipeline have been checked when it was put together.
    const adds: object = await stage.run(value as never, context);
    const freed: readonly string[] = stage.frees ?? [];
    const kept = Object.entries(value).filter(([name]) => !freed.includes(name));
    value = { ...Object.fromEntries(kept), ...adds };
  }
  return value;
}
