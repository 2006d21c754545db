import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { KnownError } from '../errors.ts';
import { builtInModels } from '../model-server/built-in-models.ts';
import {
  startModelServer,
  type LocalModelServerOptions,
} from '../model-server/start-model-server.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const OPTIONS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8500' },
  'max-batch-size': { type: 'string', default: '32' },
  'parallel-batches': { type: 'string', default: '2' },
  'queued-batches': { type: 'string', default: '512' },
  'tensor-content': { type: 'boolean', default: false },
  'slower-by-ms': { type: 'string', default: '0' },
} as const;

/** Serves the built-in models until it is told to stop, over TensorFlow Serving's interface and KServe v2. */
export async function serveModels(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
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

function readOptions(words: readonly string[]): Options {
  const { values } = parse(words);
  return {
    host: values.host,
    port: wholeNumber('--port', values.port),
    maxBatchSize: wholeNumber('--max-batch-size', values['max-batch-size']),
    parallelBatches: wholeNumber('--parallel-batches', values['parallel-batches']),
    queuedBatches: wholeNumber('--queued-batches', values['queued-batches']),
    tensorForm: values['tensor-content'] ? 'tensor_content' : 'typed',
    slowerByMs: wholeNumber('--slower-by-ms', values['slower-by-ms']),
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS });
  } catch (error) {
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    const reason = error instanceof Error ? error.message : String(error);
    throw new KnownError('bad_settings', `${reason}. There are ${known.join(', ')}.`);
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new KnownError('bad_settings', `${option} is "${text}", but must be a whole number.`);
}
