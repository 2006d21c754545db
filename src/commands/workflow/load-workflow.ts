import { resolve } from 'node:path';
import { ownWorkflowProblems } from '../../consumer/own-workflow-problems.ts';
import { loadWorkflowModules } from '../../consumer/workflow-modules.ts';
import type { Workflow } from '../../flow/workflow.ts';
import { wrongSettings } from '../../consumer/settings/wrong-settings.ts';

/** The workflow of a file; `bad_settings` if there is none, or if it takes a name that is taken. */
export async function loadWorkflow(file: string): Promise<Workflow> {
  const problems: string[] = [];
  const [workflow] = await loadWorkflowModules([resolve(file)], problems, 'You name');
  if (workflow !== undefined) problems.push(...ownWorkflowProblems([workflow]));
  if (workflow !== undefined && problems.length === 0) return workflow;
  throw wrongSettings(problems, '\n');
}
