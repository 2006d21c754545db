import { parseArgs } from 'node:util';
import { once } from 'node:events';
import { KnownError } from '../errors.ts';
import { builtInModels } from '../model-server/built-in-models.ts';
import { startModelServer } from '../model-server/start-model-server.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const OPTIONS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8500' },
  'max-batch-size': { type: 'string', default: '32' },
  'tensor-content': { type: 'boolean', default: false },
} as const;

/** Serves the built-in models until it is told to stop. */
export async function serveModels(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: OPTIONS });
  const models = builtInModels();
  const server = await startModelServer({
    models: models.models,
    host: values.host,
    port: wholeNumber('--port', values.port),
    maxBatchSize: wholeNumber('--max-batch-size', values['max-batch-size']),
    tensorForm: values['tensor-content'] ? 'tensor_content' : 'typed',
  });
  const names = models.models.map(({ name, version }) => `${name}:${version}`);
  process.stdout.write(`listening on ${server.address}\nmodels: ${names.join(', ')}\n`);
  const stop = new AbortController();
  const signals = stopOnSignals(() => stop.abort());
  await once(stop.signal, 'abort');
  server.close();
  await models.close();
  signals.release();
  return 0;
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new KnownError('bad_settings', `${option} is "${text}", but must be a whole number.`);
}
