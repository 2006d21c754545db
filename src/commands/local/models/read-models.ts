import { modelId } from '../../../adapters/model-server/model-id.ts';
import { didYouMean } from '../../../config/nearest.ts';
import { KnownError } from '../../../errors.ts';
import type { ModelName } from '../../../ports.ts';
import type { NamedFile } from '../../../stand-in-server/onnx/onnx-models.ts';

/** Where the models are. */
export type Models =
  | { readonly kind: 'stand-in' }
  | { readonly kind: 'server'; readonly host: string; readonly port: string }
  | { readonly kind: 'onnx'; readonly files: readonly NamedFile[] };

/**
 * Reads `--models`: nothing, one HOST:PORT, or an ONNX file for each model that is needed, as
 * MODEL=FILE.onnx, or FILE.onnx where only one is. `bad_usage` for anything else: no stand-in ever takes the
 * place of a model that was not given.
 */
export function readModels(words: readonly string[], needed: readonly ModelName[]): Models {
  const [first] = words;
  if (first === undefined) return { kind: 'stand-in' };
  if (!words.some(namesFile)) {
    if (words.length > 1)
      throw new KnownError(
        'bad_usage',
        `--models is given ${words.length} times, but only ONNX files can be several.`,
      );
    return addressOf(first);
  }
  const files = words.map((word) => readFile(word, needed));
  const missing = needed.filter((model) => !files.some((file) => isSame(file, model)));
  if (missing.length > 0) {
    throw new KnownError(
      'bad_usage',
      `These jobs run ${listOf(missing)} as well: give ${missing.length > 1 ? 'each' : 'it'} a ` +
        `file too, as in --models ${missing[0]?.name}=model.onnx.`,
    );
  }
  const twice = files.find((file, at) => files.findIndex((other) => isSame(file, other)) !== at);
  if (twice !== undefined)
    throw new KnownError('bad_usage', `--models names ${modelId(twice)} twice.`);
  return { kind: 'onnx', files };
}

function namesFile(word: string): boolean {
  return /\.onnx$/i.test(word);
}

function readFile(word: string, needed: readonly ModelName[]): NamedFile {
  if (!namesFile(word))
    throw new KnownError(
      'bad_usage',
      `--models is "${word}" beside ONNX files, but must be one too.`,
    );
  const [, name, version, file = word] = /^([\w-]+)(?::(\d+))?=(.+)$/.exec(word) ?? [];
  if (name === undefined) {
    const [only, ...others] = needed;
    if (only !== undefined && others.length === 0) return { ...only, file };
    throw new KnownError(
      'bad_usage',
      `These jobs run ${listOf(needed)}: say which of them "${word}" is, as in --models ${only?.name}=${word}.`,
    );
  }
  const found = needed.find(
    (model) => model.name === name && (version === undefined || Number(version) === model.version),
  );
  if (found !== undefined) return { ...found, file };
  const names = needed.map(version === undefined ? (one) => one.name : modelId);
  const given = version === undefined ? name : `${name}:${version}`;
  throw new KnownError(
    'bad_usage',
    `--models names ${given}, which these jobs do not run.${didYouMean(given, names)} They run ${listOf(needed)}.`,
  );
}

function isSame(one: ModelName, other: ModelName): boolean {
  return modelId(one) === modelId(other);
}

function listOf(models: readonly ModelName[]): string {
  return models.map(modelId).join(', ');
}

function addressOf(text: string): Models {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && port !== undefined) return { kind: 'server', host, port };
  throw new KnownError('bad_usage', `--models is "${text}", but must be HOST:PORT or FILE.onnx.`);
}
