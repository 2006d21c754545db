import { once } from 'node:events';
import { builtInModels } from '../stand-in-server/built-in-models.ts';
import {
  startModelServer,
  type LocalModelServerOptions,
} from '../stand-in-server/start-model-server.ts';
import { readWholeNumber } from './command-line/read-number.ts';
import { stopOnSignals } from '../consumer/stop-on-signals.ts';

/** The options of the command, as they were typed. */
interface Given {
  readonly host: string;
  readonly port: string;
  readonly 'max-batch-size': string;
  readonly 'parallel-batches': string;
  readonly 'queued-batches': string;
  readonly 'tensor-content': boolean;
  readonly 'slower-by-ms': string;
}

/** Serves the built-in models until it is told to stop, over TensorFlow Serving's interface and KServe v2. */
export async function serveModels(given: Given): Promise<number> {
  const options = readOptions(given);
  const stop = new AbortController();
  const signals = stopOnSignals(() => stop.abort());
  const builtIn = builtInModels();
  try {
    await serve({ ...options, models: builtIn.models }, stop.signal);
  } finally {
    await builtIn.close();
    signals.release();
  }
  return 0;
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
