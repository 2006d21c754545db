import { CORE_SETTINGS } from '../config/core-settings.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Workflow } from '../flow/workflow.ts';
import { WORKFLOWS } from '../workflows/index.ts';

/** Serves the kinds of job that are no workflow here. */
const PYTHON_IMAGE = 'vanvalenlab/kiosk-redis-consumer:0.17.2';

const namesOf = ({ name, aliases = [] }: Workflow): string[] => [name, ...aliases];

/** The workflow that CONSUMER_TYPE names, by its name or an older one; otherwise what is wrong is added to `problems`. */
export function chooseWorkflow(
  consumerType: string,
  workflows: readonly Workflow[],
  problems: string[],
): Workflow | undefined {
  const wanted = consumerType.toLowerCase();
  const found = workflows.find((workflow) => namesOf(workflow).includes(wanted));
  if (found === undefined) problems.push(refusal(consumerType, workflows.flatMap(namesOf)));
  return found;
}

function refusal(consumerType: string, names: readonly string[]): string {
  const hint =
    didYouMean(consumerType.toLowerCase(), names) ||
    ` Leave a queue of any other kind to the Python consumer, ${PYTHON_IMAGE}.`;
  return `CONSUMER_TYPE is "${consumerType}", but must be one of ${names.join(', ')}.${hint}`;
}

/** What is wrong with workflows of authors beside the built-in ones: names and settings that are taken. */
export function ownWorkflowProblems(own: readonly Workflow[]): string[] {
  const builtIn = new Set(WORKFLOWS.flatMap(namesOf));
  const core = new Set(
    Object.values(CORE_SETTINGS).flatMap(({ name, aliases }) => [name, ...aliases]),
  );
  return own.flatMap((workflow) => [
    // JavaScript may give anything.
    ...(workflow.kernels === undefined || (workflow.kernels as unknown) instanceof URL
      ? []
      : [
          `Workflow "${workflow.name}": its kernels are no URL; write new URL('./kernels.ts', import.meta.url).`,
        ]),
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
}
