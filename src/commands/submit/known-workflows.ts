import { loadWorkflowModules } from '../../consumer/workflow-modules.ts';
import type { Workflow } from '../../flow/workflow.ts';
import { WORKFLOWS } from '../../workflows/index.ts';
import { wrongSettings } from '../../consumer/settings/wrong-settings.ts';

/** The workflows of this program and those of the files at these paths, which WORKFLOW_MODULES names. */
export async function knownWorkflows(paths: readonly string[]): Promise<Workflow[]> {
  const problems: string[] = [];
  const own = await loadWorkflowModules(paths, problems);
  if (problems.length > 0) throw wrongSettings(problems);
  return [...WORKFLOWS, ...own];
}
