import type { ModelServerClient } from '../../adapters/model-server/model-server-client.ts';
import { loadSettings } from '../../config/load.ts';
import { namedModels } from '../../consumer/named-models.ts';
import { NO_CACHE, openModels } from '../../consumer/open/open-models.ts';
import type { CoreSettings } from '../../consumer/settings/read-settings.ts';
import type { ModelUse } from '../../flow/model-use.ts';
import type { Workflow } from '../../flow/workflow.ts';
import { type NdArray, sharedFloat32, sizeOf } from '../../imaging/array.ts';
import type { ModelServer, ModelSignature, TensorInfo } from '../../ports.ts';
import {
  checkTileShape,
  chooseHeads,
  imageInput,
  onlyOutput,
  outputsToAsk,
} from '../../stages/predict/model-fit.ts';
import { type Check, Finding } from './check.ts';

/** Rows and columns of a tile, where a model takes any. */
const ANY_SIZE = 256;

/** Whether a model server answers at all. `onOpen` gets the client, which is to be closed. */
export function modelServerCheck(
  core: CoreSettings,
  onOpen: (server: ModelServerClient) => void,
): Check {
  let server: ModelServerClient | undefined;
  return {
    name: 'Model server',
    trouble: () => server?.problem(),
    run: async (signal) => {
      const ignored = { metadataCache: NO_CACHE, onPredict: () => undefined, keptBytes: 0 };
      server = await openModels({ core, ...ignored });
      onOpen(server);
      const { modelServerProtocol, tfHost, tfPort } = core;
      if (await server.reached(signal)) return `${modelServerProtocol} at ${tfHost}:${tfPort}`;
      throw new Finding(
        server.problem() ?? 'No model server answers.',
        'Check TF_HOST and TF_PORT, and whether the model server runs.',
      );
    },
  };
}

/** A model, and what jobs expect of it if the workflow says so. */
type Use = Pick<ModelUse, 'model'> & Partial<ModelUse>;

/** A check for each model that jobs of a workflow may run, by the rules of the jobs. */
export function modelChecks(server: ModelServer, workflow: Workflow): Check[] {
  const { values } = loadSettings(workflow.settings);
  return namedModels(workflow, values).map((use) => modelCheck(server, use));
}

/** The check for one model. */
export function modelCheck(server: ModelServer, use: Use): Check {
  const { model, heads = 'all' } = use;
  return {
    name: `Model ${model.name}:${model.version}`,
    trouble: () => server.problem(),
    run: async (signal) => {
      const signature = await server.signature(model, signal);
      const inputs = inputsFor(use, signature);
      const outputs = outputsToAsk({ model, heads }, signature);
      const request = { model, inputs, job: 'doctor', queue: 'doctor', splittable: true, signal };
      const start = performance.now();
      const reply = await server.predict({ ...request, ...(outputs && { outputs }) });
      const milliseconds = Math.round(performance.now() - start);
      checkReply(use, reply.outputs, { signature, inputs });
      const takes = signature.inputs.map(described).join(', ');
      const gives = signature.outputs.map(({ name }) => name).join(', ');
      return `takes ${takes}; gives ${gives}; one tile took ${milliseconds} ms`;
    },
  };
}

type Tensors = Readonly<Record<string, NdArray<Float32Array>>>;

/** A tile of zeros for each input, checked as that of a job. */
function inputsFor({ model, channels }: Use, signature: ModelSignature): Tensors {
  const tiles = signature.inputs.map(({ name, shape }) => [name, tile(shape, channels)] as const);
  const [, rows = ANY_SIZE, columns = ANY_SIZE] = tiles[0]?.[1].shape ?? [];
  if (channels !== undefined) imageInput(model, [1, rows, columns, channels], signature);
  return Object.fromEntries(tiles);
}

function tile(shape: readonly number[] = [-1, -1, -1, -1], channels = 1): NdArray<Float32Array> {
  const [, ...axes] = shape;
  const last = axes.length - 1;
  const sizes = axes.map((axis, at) => (axis > 0 ? axis : at === last ? channels : ANY_SIZE));
  const row = [1, ...sizes];
  return { shape: row, data: sharedFloat32(sizeOf(row)) };
}

interface Asked {
  readonly signature: ModelSignature;
  readonly inputs: Tensors;
}

/** Checks the outputs as a job does, as far as it is known what jobs expect. */
function checkReply(
  { model, isDense, heads = 'all', outputs: count }: Use,
  replied: ReadonlyMap<string, NdArray<Float32Array>>,
  { signature, inputs }: Asked,
): void {
  if (isDense === undefined) return;
  if (!isDense) return void onlyOutput(model, replied);
  const [, rows = 0, columns = 0] = Object.values(inputs)[0]?.shape ?? [];
  const expected = { model, heads, ...(count !== undefined && { outputs: count }) };
  for (const { array } of chooseHeads(expected, replied, signature))
    checkTileShape(array, [rows, columns]);
}

function described({ name, shape }: TensorInfo): string {
  if (shape === undefined) return `${name} (any shape)`;
  const axes = shape.slice(1).map((axis) => (axis > 0 ? String(axis) : 'any'));
  return `${name} (${axes.join(' × ')})`;
}
