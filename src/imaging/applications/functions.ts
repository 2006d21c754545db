import { KnownError } from '../../errors.ts';
import type { Postprocessing, Preprocessing } from './application.ts';

/*
 * The functions that a model-named job may list by name in `preprocess_function` and `postprocess_function`.
 */

const PREPROCESS: Readonly<Record<string, Preprocessing>> = {
  normalize: { kind: 'normalize' },
  histogram_normalization: { kind: 'histogram_normalization' },
  multiplex_preprocess: { kind: 'mesmer' },
  none: { kind: 'none' },
};

const POSTPROCESS: Readonly<Record<string, Postprocessing>> = {
  deep_watershed: { kind: 'deep_watershed', parts: [{}] },
  multiplex_postprocess_consumer: { kind: 'multiplex' },
  none: { kind: 'none' },
};

/** The names that `preprocess_function` and `postprocess_function` may list. */
export const PREPROCESS_NAMES: readonly string[] = Object.keys(PREPROCESS);
export const POSTPROCESS_NAMES: readonly string[] = Object.keys(POSTPROCESS);

/** Once there were these too. No page gives their formulas, and a guess would be another result under the same name. */
const FORMULA_UNKNOWN = ['deepcell', 'pixelwise', 'watershed', 'retinanet', 'retinanet-semantic'];

/**
 * What `preprocess_function` asks for, in its order. Names are separated by commas, of any case; an empty one does
 * nothing. `unsupported_function` for any other name.
 */
export function preprocessFunctions(list: string): Preprocessing[] {
  return chain('preprocess_function', list, PREPROCESS);
}

/** The same for `postprocess_function`. */
export function postprocessFunctions(list: string): Postprocessing[] {
  return chain('postprocess_function', list, POSTPROCESS);
}

function chain<Step>(field: string, list: string, known: Readonly<Record<string, Step>>): Step[] {
  const names = list.split(',').map(cleanName);
  return names
    .filter((name) => name !== '')
    .map((name) => {
      const step = Object.hasOwn(known, name) ? known[name] : undefined;
      if (step !== undefined) return step;
      throw unsupported(field, name, Object.keys(known));
    });
}

/** Lower case, without the blanks, quotes and brackets that clients put around a name. */
function cleanName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '');
}

function unsupported(field: string, name: string, known: readonly string[]): KnownError {
  const why = FORMULA_UNKNOWN.includes(name) ? 'is no longer supported' : 'does not exist';
  return new KnownError(
    'unsupported_function',
    `${field} names "${name}", which ${why}; use one of ${known.join(', ')}.`,
  );
}
