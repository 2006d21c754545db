import { KnownError } from '../errors.ts';
import type { Workflow } from '../flow/workflow.ts';
import image from './image.ts';
import mesmer from './mesmer.ts';
import segmentation from './segmentation.ts';
import spot from './spot.ts';

/** The built-in workflows: what CONSUMER_TYPE may name. */
export const WORKFLOWS: readonly Workflow[] = [image, segmentation, mesmer, spot];

/** The workflow that a value of CONSUMER_TYPE names, by its name or an older one. */
export function findWorkflow(consumerType: string, workflows: readonly Workflow[]): Workflow {
  const wanted = consumerType.toLowerCase();
  const found = workflows.find(({ name, aliases = [] }) => [name, ...aliases].includes(wanted));
  if (found !== undefined) return found;
  const names = workflows.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  throw new KnownError(
    'unknown_workflow',
    `CONSUMER_TYPE is "${consumerType}", but must be one of ${names.join(', ')}.`,
  );
}
