import { flag } from './command-line/flag.ts';

/** In which forms results are left: the same for all commands that leave some. */
export const RESULT_OPTIONS = {
  'no-overlays': flag('Do not draw the outlines of cells on the images.'),
  'ome-tiff': flag('Also write masks as OME-TIFF with integer labels.'),
  geojson: flag('Also write the outlines of cells as GeoJSON, for QuPath.'),
};

interface Given {
  readonly 'no-overlays': boolean;
  readonly 'ome-tiff': boolean;
  readonly geojson: boolean;
}

/** What these options ask for. */
export function resultForms(values: Given) {
  return {
    overlays: !values['no-overlays'],
    omeTiff: values['ome-tiff'],
    geojson: values.geojson,
  };
}

/** The folder that results go to. */
export function outputOption(summary: string) {
  return {
    type: 'string',
    short: 'o',
    value: 'FOLDER',
    default: 'results',
    offers: 'folders',
    summary,
  } as const;
}

export const PIXEL_SIZE_OPTION = {
  type: 'string',
  value: 'MICRONS',
  summary: 'Side of a pixel in µm, from which the scale follows.',
} as const;
