import { didYouMean } from '../../config/nearest.ts';
import { KnownError } from '../../errors.ts';
import type { Workflow } from '../../flow/workflow.ts';
import { WORKFLOWS } from '../../workflows/index.ts';

/** The workflow of this name; `bad_usage` if there is none that can run by itself. */
export function chosenWorkflow(name: string, workflows: readonly Workflow[]): Workflow {
  const all = workflows.filter((one) => one.name !== 'zip');
  const found = all.find((one) => one.name === name.toLowerCase());
  if (found === undefined) {
    const names = all.map((one) => one.name);
    const message = `There is no workflow "${name}".${didYouMean(name, names)} There are ${names.join(', ')}.`;
    throw new KnownError('bad_usage', message);
  }
  if (isBuiltIn(found) || ('pipeline' in found && found.queueOf === undefined)) return found;
  throw new KnownError(
    'bad_usage',
    `Workflow "${found.name}" makes jobs for other queues, and \`local\` does not know who takes them.`,
  );
}

/** Whether a workflow is one of this program. */
export function isBuiltIn(workflow: Workflow): boolean {
  return WORKFLOWS.includes(workflow);
}
