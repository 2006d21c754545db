import { didYouMean } from '../config/nearest.ts';
import { type Phases, stagesOf } from '../flow/running/run-phases.ts';
import type { Workflow } from '../flow/workflow.ts';
import { wrongSettings } from './settings/wrong-settings.ts';

const OWN =
  ' One of your own must be among the `kernels` that a module exports, and the workflow name the module: ' +
  "kernels: new URL('./kernels.ts', import.meta.url).";

/**
 * What is wrong with the kernels that stages name: a sentence for each that does not exist. Asks for the
 * names of those that do only if a stage names any: the workflows of this program are checked by the
 * compiler.
 */
export async function kernelProblems(
  phases: Phases,
  existing: () => Promise<readonly string[]>,
): Promise<string[]> {
  const stages = stagesOf(phases).filter(({ kernels }) => kernels !== undefined);
  if (stages.length === 0) return [];
  const known = await existing();
  return stages.flatMap(({ name, kernels = [] }) =>
    kernels
      .filter((kernel) => !known.includes(kernel))
      .map((kernel) => {
        const hint = didYouMean(kernel, known) || ` There are ${known.join(', ')}.${OWN}`;
        return `Stage "${name}" runs the kernel "${kernel}", which does not exist.${hint}`;
      }),
  );
}

/** Throws `bad_settings` if a stage of a workflow names a kernel that does not exist, before any job comes. */
export async function requireKernels(
  consumers: readonly { readonly phases: Phases }[],
  existing: () => Promise<readonly string[]>,
): Promise<void> {
  let names: Promise<readonly string[]> | undefined;
  const once = (): Promise<readonly string[]> => (names ??= existing());
  const found = consumers.map(({ phases }) => kernelProblems(phases, once));
  const problems = [...new Set((await Promise.all(found)).flat())];
  if (problems.length === 0) return;
  throw wrongSettings(problems);
}

/** The modules of kernels that workflows bring. */
export function ownKernelsOf(
  consumers: readonly { readonly workflow: Pick<Workflow, 'kernels'> }[],
): URL[] {
  return consumers.flatMap(({ workflow }) => workflow.kernels ?? []);
}
