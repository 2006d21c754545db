import { modelId } from '../../../adapters/model-server/model-id.ts';
import { loadSettings } from '../../../config/load.ts';
import { type NamedModel, namedModels } from '../../../consumer/named-models.ts';
import { unqueuedJob } from '../../../job/job.ts';
import type { Workflow } from '../../../flow/workflow.ts';
import type { FieldUpdates } from '../../../ports.ts';
import { namedModel } from '../../../stages/plan/plan-model-job.ts';
import { polarisChildren } from '../../../stages/polaris/polaris-children.ts';
import { WORKFLOWS } from '../../../workflows/index.ts';
import { isBuiltIn } from '../chosen-workflow.ts';

/** A model that jobs run, and what they expect of it as far as the workflow says so. */
export type NeededModel = Omit<NamedModel, 'variable'>;

/** What a frame of a movie asks for. */
const FRAME = { channels: '0' };
/** Positions of `channels`, a model for each. */
const POSITIONS = 3;

/** The models that jobs of a workflow with these fields run, given the settings of this process. */
export function neededModels(
  workflow: string,
  fields: FieldUpdates,
  workflows: readonly Workflow[] = WORKFLOWS,
): NeededModel[] {
  const own = workflows.find(({ name }) => name === workflow);
  const needed = own && !isBuiltIn(own) ? modelsOf(own) : modelsFor(workflow, fields);
  return [...new Map(needed.map((one) => [modelId(one.model), one])).values()];
}

function modelsFor(workflow: string, fields: FieldUpdates): readonly NeededModel[] {
  const job = unqueuedJob({ fields });
  if (workflow === 'image') {
    const model = namedModel(job);
    return model === undefined ? ofChannels('image', fields) : [{ model }];
  }
  if (workflow === 'segmentation') return ofChannels(workflow, fields);
  if (workflow === 'polaris') {
    const children = polarisChildren(unqueuedJob({ fields: { ...fields, ...numbered(fields) } }));
    return children.flatMap((child) => modelsFor(child.queue, child.fields));
  }
  const own = modelsOfSettings(workflow);
  return workflow === 'caliban' ? [...modelsFor('segmentation', FRAME), ...own] : own;
}

/** A model for each position of `channels` that is filled, and those that are asked about the image. */
function ofChannels(workflow: string, { channels }: FieldUpdates): NeededModel[] {
  const models = modelsOfSettings(workflow);
  const words = (channels?.trim() || '0').split(',');
  const chosen = models.filter((_, at) => at < POSITIONS && words[at]?.trim());
  return [...chosen, ...models.slice(POSITIONS)];
}

function modelsOfSettings(name: string): readonly NeededModel[] {
  const workflow = WORKFLOWS.find((one) => one.name === name);
  return workflow === undefined ? [] : modelsOf(workflow);
}

function modelsOf(workflow: Workflow): readonly NeededModel[] {
  return namedModels(workflow, loadSettings(workflow.settings).values);
}

/** Which models run does not depend on which channels the positions name, and names are known to the image alone. */
function numbered({ channels }: FieldUpdates): FieldUpdates {
  if (channels === undefined) return {};
  const words = channels.split(',').map((word, at) => (word.trim() === '' ? '' : String(at)));
  return { channels: words.join(',') };
}
