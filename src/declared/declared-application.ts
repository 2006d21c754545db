import {
  type Application,
  CELLS,
  type Head,
  type Preprocessing,
} from '../imaging/applications/application.ts';
import { type Declaration, USUAL_OVERLAP } from './declaration.ts';

const NORMALIZATIONS: Readonly<Record<Declaration['normalization'], Preprocessing>> = {
  none: { kind: 'none' },
  histogram_normalization: { kind: 'histogram_normalization' },
  normalize: { kind: 'normalize' },
  min_max: { kind: 'min_max', clip: false },
  min_max_clip: { kind: 'min_max', clip: true },
  multiplex_preprocess: { kind: 'mesmer' },
};

/** What a declaration says of what is done before and after the model. */
export function applicationOf(declared: Declaration): Application {
  const { name, pixel_size: micronsPerPixel, normalization, tiling, model_outputs } = declared;
  const watershed = watershedOf(declared);
  const usual = watershed === undefined ? 'all' : CELLS.heads;
  return {
    name,
    micronsPerPixel,
    preprocess: [NORMALIZATIONS[normalization]],
    padMode: tiling.border,
    ...(tiling.overlap !== USUAL_OVERLAP && { overlap: tiling.overlap }),
    heads: model_outputs?.map(headOf) ?? usual,
    postprocess: [
      watershed === undefined
        ? { kind: 'none' }
        : { kind: 'deep_watershed', parts: partsOf(watershed).map(optionsOf) },
    ],
  };
}

type Postprocessing = NonNullable<Declaration['postprocessing']>;
type Watershed = Extract<Postprocessing, { readonly function: 'deep_watershed' }>;
type Part = Omit<Watershed, 'function' | 'parts'>;

/** The watershed that a declaration asks for, if it does. */
export function watershedOf({ postprocessing }: Declaration): Watershed | undefined {
  return postprocessing?.function === 'deep_watershed' ? postprocessing : undefined;
}

/** One part alone, or each with what it says itself. */
function partsOf({ parts, ...all }: Watershed): Part[] {
  const alone: readonly object[] = [{}];
  return (parts ?? alone).map((part) => {
    const said = Object.entries(part).filter(([, value]) => value !== undefined);
    return { ...all, ...Object.fromEntries(said) };
  });
}

function headOf({ output, channel }: NonNullable<Declaration['model_outputs']>[number]): Head {
  return channel === undefined ? { output } : { output, channels: [channel] };
}

function optionsOf(declared: Part) {
  return {
    radius: declared.radius,
    maximaAlgorithm: declared.maxima_algorithm,
    maximaThreshold: declared.maxima_threshold,
    interiorThreshold: declared.interior_threshold,
    maximaSmooth: declared.maxima_smooth,
    interiorSmooth: declared.interior_smooth,
    pixelExpansion: declared.pixel_expansion,
    labelErosion: declared.label_erosion,
    smallObjectsThreshold: declared.small_objects_threshold,
    fillHolesThreshold: declared.fill_holes_threshold,
  };
}
