import { optional, setting } from '../config/setting.ts';

/** Settings that segmentation jobs share, whichever workflow runs them. */
export const SEGMENTATION_SETTINGS = {
  nuclearModel: setting.model(
    'NUCLEAR_MODEL',
    'NuclearSegmentation:6',
    'Model for nuclei: the first position of channels.',
  ),
  cytoplasmModel: setting.model(
    'CYTOPLASM_MODEL',
    'CytoplasmSegmentation:5',
    'Model for cytoplasm: the second position of channels.',
  ),
  phaseModel: setting.model(
    'PHASE_MODEL',
    'PhaseCytoSegmentation:0',
    'Model for phase images: the third position.',
  ),
} as const;

/** Settings for the scale of an image. */
export const SCALE_SETTINGS = {
  minScale: optional(
    setting.number('MIN_SCALE', 0, 'Smallest scale that a job may ask for.', { min: 0 }),
    '1 / MAX_SCALE',
  ),
  maxScale: setting.number('MAX_SCALE', 10, 'Largest scale that a job may ask for.', { min: 1 }),
} as const;
