import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandProcess } from '../command-process.ts';

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
): ReturnType<CommandProcess['ended']> {
  await copyFile(IMAGE, join(folder, 'images', 'nuclei.tif'));
  await copyModels(folder, ['nuclei.onnx']);
  return localIn(folder, words).ended();
}

export function localIn(folder: string, words: readonly string[]): CommandProcess {
  const named = process.env['REDIS_SERVER_BIN'];
  const environment = named === undefined ? {} : { REDIS_SERVER_BIN: named };
  return new CommandProcess(['local', 'images', ...words], { environment, folder });
}
