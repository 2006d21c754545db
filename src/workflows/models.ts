import { type SettingValues, optional, setting } from '../config/setting.ts';
import type { ModelUse } from '../flow/model-use.ts';
import { CELLS } from '../imaging/applications/application.ts';
import type { ModelName } from '../ports.ts';

/** Settings that segmentation jobs share, whichever workflow runs them. */
export const SEGMENTATION_SETTINGS = {
  nuclearModel: setting.model(
    'NUCLEAR_MODEL',
    'NuclearSegmentation:6',
    'Model for nuclei, the first channel of `channels`.',
  ),
  cytoplasmModel: setting.model(
    'CYTOPLASM_MODEL',
    'CytoplasmSegmentation:5',
    'Model for cytoplasm, the second channel of `channels`.',
  ),
  phaseModel: setting.model(
    'PHASE_MODEL',
    'PhaseCytoSegmentation:0',
    'Model for phase images, the third channel.',
  ),
} as const;

/** Settings for the kind of an image. */
export const LABEL_SETTINGS = {
  labelDetectEnabled: setting.boolean(
    'LABEL_DETECT_ENABLED',
    false,
    'Whether a model detects the kind of image if the job does not state it; the field label gets the result.',
  ),
  labelDetectModel: setting.model(
    'LABEL_DETECT_MODEL',
    'LabelDetection:1',
    'Model for label detection.',
  ),
} as const;

/** Settings for the scale of an image. */
export const SCALE_SETTINGS = {
  minScale: optional(
    setting.number('MIN_SCALE', 0, 'Smallest scale that a job may ask for.', { min: 0 }),
    '1 / MAX_SCALE',
  ),
  scaleDetectEnabled: setting.boolean(
    'SCALE_DETECT_ENABLED',
    false,
    'Whether a model detects the scale of an image if the job does not state it; otherwise it is 1.',
  ),
  scaleDetectModel: setting.model(
    'SCALE_DETECT_MODEL',
    'ScaleDetection:1',
    'Model for scale detection.',
  ),
  maxScale: setting.number('MAX_SCALE', 10, 'Largest scale that a job may ask for.', { min: 1 }),
  pixelSizeFromFile: setting.boolean(
    'PIXEL_SIZE_FROM_FILE',
    false,
    'Whether the pixel size in a file sets the scale of a job that has neither scale ' +
      'nor pixel_size. The Python consumer ignores it.',
  ),
} as const;

type SegmentationSettings = SettingValues<
  typeof SEGMENTATION_SETTINGS & typeof LABEL_SETTINGS & typeof SCALE_SETTINGS
>;

/** The models of segmentation jobs. */
export function segmentationModels(settings: SegmentationSettings): ModelUse[] {
  const { nuclearModel, cytoplasmModel, phaseModel } = settings;
  const { labelDetectEnabled, labelDetectModel } = settings;
  const cells = [nuclearModel, cytoplasmModel, phaseModel].map((model): ModelUse => {
    const { heads } = CELLS;
    return { model, channels: 1, heads, isDense: true };
  });
  const label = labelDetectEnabled ? [detection(labelDetectModel)] : [];
  return [...cells, ...label, ...scaleModels(settings)];
}

/** The model that finds the scale of an image, if it is used. */
export function scaleModels(settings: SettingValues<typeof SCALE_SETTINGS>): ModelUse[] {
  return settings.scaleDetectEnabled ? [detection(settings.scaleDetectModel)] : [];
}

function detection(model: ModelName): ModelUse {
  return { model, channels: 1, heads: 'all', isDense: false };
}
