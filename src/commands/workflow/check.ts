import { loadSettings } from '../../config/load.ts';
import { kernelProblems } from '../../consumer/kernel-problems.ts';
import type { Phases } from '../../flow/running/run-phases.ts';
import { type Workflow, checkedPhases } from '../../flow/workflow.ts';
import { openKernels } from '../../testing/open-kernels.ts';
import { hiddenStandIns, inlineStandIns } from '../../testing/stand-ins.ts';
import { loadWorkflow } from './load-workflow.ts';
import { wrongSettings } from '../../consumer/settings/wrong-settings.ts';

/** Says what a workflow does, or all that a consumer would refuse at its start (then it throws). */
export async function checkWorkflow(file: string): Promise<number> {
  const workflow = await loadWorkflow(file);
  const phases = await acceptedPhases(workflow);
  const lines = Object.entries(phases).map(([phase, stages]) => {
    const names = stages.map(({ name }) => name).join(' → ');
    return `${phase}: ${names}`;
  });
  const settings = Object.values(workflow.settings).map(
    ({ name, summary }) => `${name}: ${summary}`,
  );
  const all = [`${workflow.name}: ${workflow.summary}`, ...lines, ...settings];
  process.stdout.write(`${all.join('\n')}\nNothing is wrong with ${file}.\n`);
  return 0;
}

async function acceptedPhases(workflow: Workflow): Promise<Phases> {
  const { values, problems: wrongValues } = loadSettings(workflow.settings);
  const { phases, problems: misplaced } = checkedPhases(workflow, values, workflow.name);
  const pool = await openKernels(workflow, 0);
  const unknown = await kernelProblems(phases, () => pool.names());
  const hidden = hiddenStandIns([workflow], inlineStandIns());
  const problems = [...wrongValues, ...misplaced, ...unknown, ...hidden];
  if (problems.length === 0) return phases;
  throw wrongSettings(problems, '\n');
}
