import { modelId } from '../adapters/model-server/model-id.ts';
import type { Setting } from '../config/setting.ts';
import type { ModelUse } from '../flow/model-use.ts';
import { type Workflow, modelsOf } from '../flow/workflow.ts';
import type { ModelName } from '../ports.ts';

type Values = Readonly<Record<string, unknown>>;

/** A model, what jobs expect of it if the workflow says so, and the variable that names it, if one does. */
export type NamedModel = Pick<ModelUse, 'model'> &
  Partial<ModelUse> & { readonly variable: string | undefined };

/** The models that jobs of a workflow may run, given its settings; those of its settings if it does not say. */
export function namedModels(workflow: Workflow, values: Values): readonly NamedModel[] {
  const uses: readonly (Pick<ModelUse, 'model'> & Partial<ModelUse>)[] =
    modelsOf(workflow, values) ?? modelsAmong(values);
  const variables = variablesOf(workflow.settings, values);
  return uses.map((use) => ({ ...use, variable: variables.get(modelId(use.model)) }));
}

/** The models among settings, without those that another setting switches off. */
function modelsAmong(values: Values): { readonly model: ModelName }[] {
  const models = Object.entries(values).flatMap(([key, value]) => {
    const switchedOff = values[key.replace(/Model$/, 'Enabled')] === false;
    return isModel(value) && !switchedOff ? [value] : [];
  });
  const byName = models.map((model) => [modelId(model), { model }] as const);
  return [...new Map(byName).values()];
}

function variablesOf(
  settings: Readonly<Record<string, Setting<unknown>>>,
  values: Values,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(settings).flatMap(([key, { name }]) => {
      const value = values[key];
      return isModel(value) ? [[modelId(value), name] as const] : [];
    }),
  );
}

function isModel(value: unknown): value is ModelName {
  return typeof value === 'object' && value !== null && 'name' in value && 'version' in value;
}
