import { stat } from 'node:fs/promises';
import { modelId } from '../../../adapters/model-server/model-id.ts';
import { KnownError } from '../../../errors.ts';
import { findOnnxRuntime } from '../../../stand-in-server/onnx/runtime.ts';
import type { Models } from './read-models.ts';

/**
 * Where the models are and, of files, their state: results of another are not results of this one. Looks for
 * the files and for what runs them, before anything is started; `bad_usage` if there is none.
 */
export async function askedOf(models: Models): Promise<string> {
  if (models.kind === 'stand-in') return '';
  if (models.kind === 'server') return `${models.host}:${models.port}`;
  const asked = await Promise.all(
    models.files.map(async (one) => `${modelId(one)}=${one.file} ${await stateOf(one.file)}`),
  );
  findOnnxRuntime();
  return asked.join(' ');
}

async function stateOf(file: string): Promise<string> {
  const facts = await stat(file).catch(() => undefined);
  if (facts === undefined) throw new KnownError('bad_usage', `There is no file "${file}".`);
  return `${facts.size} ${facts.mtimeMs}`;
}

/** What messages call the place of a model: its file or the address of its server. */
export function placesOf(models: Models): (model: string) => string {
  if (models.kind === 'server') return () => `${models.host}:${models.port}`;
  const files = models.kind === 'onnx' ? models.files : [];
  return (model) => files.find((one) => modelId(one) === model)?.file ?? 'The stand-in';
}
