import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandEnded, runCommand } from '../run-command.ts';

const HERE = import.meta.dirname;
const MODELS = join(HERE, '../../stand-in-server/onnx/models');
const IMAGE = join(HERE, '../../images/nuclei-2d.tif');

/** Puts files of models into a folder. */
export async function copyModels(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await copyFile(join(MODELS, name), join(folder, name));
}

/** Runs `local` on the image of nuclei in a folder, with a model of nuclei there. */
export async function localWithOnnx(
  folder: string,
  words: readonly string[] = ['--models', 'nuclei.onnx'],
): Promise<CommandEnded> {
  await copyFile(IMAGE, join(folder, 'images', 'nuclei.tif'));
  await copyModels(folder, ['nuclei.onnx']);
  return localIn(folder, words);
}

export function localIn(folder: string, words: readonly string[]): Promise<CommandEnded> {
  return runCommand(['local', 'images', ...words], localEnvironment(), folder);
}

/** What `local` finds in its environment: the Redis of the tests, if one is named, and no more threads than it needs. */
export function localEnvironment(): Readonly<Record<string, string>> {
  const named = process.env['REDIS_SERVER_BIN'];
  return { COMPUTE_THREADS: '1', ...(named !== undefined && { REDIS_SERVER_BIN: named }) };
}
