import { KnownError } from '../../errors.ts';
import type { Image, Labels } from '../array.ts';
import { deepWatersheds, type DeepWatershedOptions } from '../watershed/deep-watershed.ts';

const COMMON: DeepWatershedOptions = {
  radius: 2,
  maximaThreshold: 0.1,
  /** Pixelwise heads are edge, interior, background. */
  interiorChannel: 1,
  smallObjectsThreshold: 15,
  fillHolesThreshold: 15,
};
const WHOLE_CELL = { ...COMMON, interiorThreshold: 0.3, interiorSmooth: 2 };
const NUCLEAR = { ...COMMON, interiorThreshold: 0.6, interiorSmooth: 0 };

/**
 * `multiplex_postprocess_consumer` of jobs that name their model: labels whole cells, and nuclei in a second
 * channel if the model finds them too. Takes pairs of outputs, inner distance and pixelwise. Throws
 * `model_mismatch` for other numbers of outputs.
 *
 * @returns int32 `[batch, row, column, (whole cell, nucleus)]`.
 */
export function multiplexPostprocess({ heads }: { readonly heads: readonly Image[] }): Labels {
  const [cellMaxima, cellInterior, nuclearMaxima, nuclearInterior] = heads;
  if (
    cellMaxima === undefined ||
    cellInterior === undefined ||
    heads.length % 2 > 0 ||
    heads.length > 4
  ) {
    throw new KnownError(
      'model_mismatch',
      `output_list was length ${heads.length}, expecting length 4: two outputs for cells, two for nuclei.`,
    );
  }
  const cells = { maxima: cellMaxima, interior: cellInterior, ...WHOLE_CELL };
  if (nuclearMaxima === undefined || nuclearInterior === undefined) return deepWatersheds([cells]);
  const nuclei = { maxima: nuclearMaxima, interior: nuclearInterior, ...NUCLEAR };
  return deepWatersheds([cells, nuclei]);
}
