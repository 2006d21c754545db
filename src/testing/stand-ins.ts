import { modelId } from '../adapters/model-server/model-id.ts';
import type { Workflow } from '../flow/workflow.ts';
import { builtInModels } from '../stand-in-server/built-in-models.ts';
import { kernels as headKernels } from '../stand-in-server/heads/heads.ts';
import type { ServedModel } from '../stand-in-server/served-model.ts';
import { InlinePool } from './inline-pool.ts';

/** The classical stand-ins of `model-server`, computed on the calling thread. */
export function inlineStandIns(): readonly ServedModel[] {
  return builtInModels({ pool: new InlinePool(headKernels) }).models;
}

/** Test models of workflows that would hide a stand-in, a sentence each. */
export function hiddenStandIns(
  workflows: readonly Workflow[],
  standIns: readonly ServedModel[],
): string[] {
  const builtIn = new Set(standIns.map(modelId));
  return workflows.flatMap(({ name, testModels = {} }) =>
    Object.keys(testModels)
      .filter((id) => builtIn.has(id))
      .map(
        (id) =>
          `Workflow "${name}": a stand-in for ${id} is built in; give the model of your test another name or version.`,
      ),
  );
}
