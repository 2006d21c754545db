import { didYouMean } from '../config/nearest.ts';
import { KnownError } from '../errors.ts';
import { type Phases, stagesOf } from '../flow/run-phases.ts';

/**
 * What is wrong with the kernels that stages name: a sentence for each that does not exist. Asks for the names of those that do only
 * if a stage names any: the workflows of this program are checked by the compiler.
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
        const hint = didYouMean(kernel, known) || ` There are ${known.join(', ')}.`;
        return `Stage "${name}" runs the kernel "${kernel}", which does not exist.${hint}`;
      }),
  );
}

/** Throws `bad_settings` if a stage names a kernel that does not exist, before any job comes. */
export async function requireKernels(
  phases: Phases,
  existing: () => Promise<readonly string[]>,
): Promise<void> {
  const problems = await kernelProblems(phases, existing);
  if (problems.length === 0) return;
  throw new KnownError('bad_settings', problems.join(' '), { details: { problems } });
}
