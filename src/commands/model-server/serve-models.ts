import { once } from 'node:events';
import { modelId } from '../../adapters/model-server/model-id.ts';
import { KnownError, messageOf } from '../../errors.ts';
import { builtInModels } from '../../stand-in-server/built-in-models.ts';
import { type NamedFile, openOnnxModels } from '../../stand-in-server/onnx/onnx-models.ts';
import {
  startModelServer,
  type LocalModelServerOptions,
} from '../../stand-in-server/start-model-server.ts';
import type { Workflow } from '../../flow/workflow.ts';
import type { ServedModel } from '../../stand-in-server/served-model.ts';
import { hiddenStandIns } from '../../testing/stand-ins.ts';
import { servedTestModels } from '../../testing/test-model.ts';
import { loadWorkflow } from '../workflow/load-workflow.ts';
import { readWholeNumber } from '../command-line/read-number.ts';
import { stopOnSignals } from '../../consumer/stop-on-signals.ts';
import { wrongSettings } from '../../consumer/settings/wrong-settings.ts';

/** The options of the command, as they were typed. */
interface Given {
  readonly host: string;
  readonly port: string;
  readonly 'max-batch-size': string;
  readonly 'parallel-batches': string;
  readonly 'queued-batches': string;
  readonly 'tensor-content': boolean;
  readonly 'slower-by-ms': string;
  /** MODEL=FILE each. */
  readonly onnx?: readonly string[] | undefined;
  /** Files of workflows that bring models of their own. */
  readonly workflow?: readonly string[] | undefined;
}

/**
 * Serves the built-in models, or models in ONNX files, through the interfaces of TensorFlow Serving and
 * KServe v2, until a signal stops it.
 */
export async function serveModels(given: Given): Promise<number> {
  const options = readOptions(given);
  const stop = new AbortController();
  const signals = stopOnSignals(() => stop.abort());
  const files = (given.onnx ?? []).map(readNamedFile);
  const opened = files.length > 0 ? await openOnnxModels(files) : builtInModels();
  try {
    const own = await ownModels(given.workflow ?? [], opened.models);
    await serve({ ...options, models: [...own, ...opened.models] }, stop.signal);
  } finally {
    await opened.close();
    signals.release();
  }
  return 0;
}

/** The test models of workflows, none of which may hide another that is served. */
async function ownModels(
  files: readonly string[],
  others: readonly ServedModel[],
): Promise<ServedModel[]> {
  const workflows: Workflow[] = [];
  for (const file of files) workflows.push(await loadWorkflow(file));
  const problems = hiddenStandIns(workflows, others);
  if (problems.length > 0) throw wrongSettings(problems);
  return workflows.flatMap(({ testModels = {} }) => servedTestModels(testModels).map(refusing));
}

/** What a test model throws refuses its tiles: the consumer would wait for any other failure to pass. */
function refusing(model: ServedModel): ServedModel {
  const id = modelId(model);
  return {
    ...model,
    async predict(inputs) {
      try {
        return await model.predict(inputs);
      } catch (cause) {
        if (cause instanceof KnownError) throw cause;
        const message = `The test model "${id}" failed: ${messageOf(cause)}`;
        throw new KnownError('model_mismatch', message, { cause });
      }
    },
  };
}

async function serve(options: Options & LocalModelServerOptions, stop: AbortSignal): Promise<void> {
  const server = await startModelServer(options);
  if (options.slowerByMs > 0) server.script([{ type: 'slow', ms: options.slowerByMs }]);
  const names = options.models.map(({ name, version }) => `${name}:${version}`);
  process.stdout.write(`listening on ${server.address}\nmodels: ${names.join(', ')}\n`);
  if (!stop.aborted) await once(stop, 'abort');
  server.close();
}

type Options = Omit<LocalModelServerOptions, 'models'> & { readonly slowerByMs: number };

function readOptions(given: Given): Options {
  return {
    host: given.host,
    port: readWholeNumber('--port', given.port),
    maxBatchSize: readWholeNumber('--max-batch-size', given['max-batch-size']),
    parallelBatches: readWholeNumber('--parallel-batches', given['parallel-batches']),
    queuedBatches: readWholeNumber('--queued-batches', given['queued-batches']),
    tensorForm: given['tensor-content'] ? 'tensor_content' : 'typed',
    slowerByMs: readWholeNumber('--slower-by-ms', given['slower-by-ms']),
  };
}

function readNamedFile(word: string): NamedFile {
  const [, name, version, file] = /^([\w-]+):(\d+)=(.+)$/.exec(word) ?? [];
  if (name !== undefined && file !== undefined) return { name, version: Number(version), file };
  const form = 'MODEL:VERSION=FILE, as in NuclearSegmentation:6=model.onnx';
  throw new KnownError('bad_usage', `--onnx is "${word}", but must be ${form}.`);
}
