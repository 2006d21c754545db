import { loadSettings } from '../../config/load.ts';
import type { Workflow } from '../../flow/workflow.ts';
import { sharedFloat32, sizeOf } from '../../imaging/array.ts';
import type { MetadataCache, ModelName, ModelServer, TensorInfo } from '../../ports.ts';
import { openModels } from '../../consumer/open-models.ts';
import type { CoreSettings } from '../../consumer/read-settings.ts';
import type { Check } from './check.ts';

/** Asks nobody else: the point is to ask the server. */
const NO_CACHE: MetadataCache = { get: async () => undefined, put: async () => undefined };

/** Rows and columns of a tile, where a model takes any. */
const ANY_SIZE = 256;

/** The model servers that the settings name, without the cache that consumers share. */
export async function openModelServer(core: CoreSettings): Promise<ModelServer> {
  return openModels({ core, metadataCache: NO_CACHE, onPredict: () => undefined });
}

/** A check for each model that the settings of a workflow name. */
export function modelChecks(server: ModelServer, workflow: Workflow): Check[] {
  return modelsInUse(workflow).map((model) => modelCheck(model, server));
}

function modelCheck(model: ModelName, server: ModelServer): Check {
  return {
    name: `Model ${model.name}:${model.version}`,
    trouble: () => server.problem(),
    run: async (signal) => {
      const { inputs, outputs } = await server.signature(model, signal);
      const tensors = Object.fromEntries(inputs.map((input) => [input.name, tile(input)]));
      const start = performance.now();
      const prediction = await server.predict({
        model,
        inputs: tensors,
        job: 'doctor',
        splittable: true,
        signal,
      });
      const milliseconds = Math.round(performance.now() - start);
      prediction.release?.();
      const takes = inputs.map(described).join(', ');
      const gives = outputs.map(({ name }) => name).join(', ');
      return `takes ${takes}; gives ${gives}; one tile took ${milliseconds} ms`;
    },
  };
}

function tile({ shape }: TensorInfo): { shape: number[]; data: Float32Array } {
  const [, ...axes] = shape;
  const last = axes.length - 1;
  const sizes = axes.map((axis, at) => (axis > 0 ? axis : at === last ? 1 : ANY_SIZE));
  const row = [1, ...sizes];
  return { shape: row, data: sharedFloat32(sizeOf(row)) };
}

function described({ name, shape }: TensorInfo): string {
  const axes = shape.slice(1).map((axis) => (axis > 0 ? String(axis) : 'any'));
  return `${name} (${axes.join(' × ')})`;
}

/** The models among the settings of a workflow, without those that another setting switches off. */
function modelsInUse({ settings }: Workflow): ModelName[] {
  const { values } = loadSettings(settings);
  const models = Object.entries(values).flatMap(([key, value]) => {
    const switchedOff = values[key.replace(/Model$/, 'Enabled')] === false;
    return isModel(value) && !switchedOff ? [value] : [];
  });
  const names = models.map((model) => [`${model.name}:${model.version}`, model] as const);
  return [...new Map(names).values()];
}

function isModel(value: unknown): value is ModelName {
  return typeof value === 'object' && value !== null && 'name' in value && 'version' in value;
}
