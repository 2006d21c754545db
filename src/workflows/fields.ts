import { type JobField, jobField } from '../job/job-field.ts';
import { COMPARTMENTS } from '../imaging/applications/application.ts';
import { POSTPROCESS_NAMES, PREPROCESS_NAMES } from '../imaging/applications/functions.ts';
import { DIMENSION_ORDERS } from '../imaging/axes.ts';
import { SEGMENTATION_TYPES } from '../stages/polaris/polaris-children.ts';

/* The fields of jobs that the workflows read. docs/JOBS.md is made from them. */

const NUMBER_OR_NAME = 'numbers from 0 on, or names as the file has them, separated by commas';

/** Positions separated by commas, some of which may be empty. */
function positions(most: number, least = 1): (text: string) => boolean {
  return (text) => {
    const words = text.split(',').map((word) => word.trim());
    const filled = words.filter((word) => word !== '');
    return filled.length >= least && words.slice(most).every((word) => word === '');
  };
}

/** The channels of a segmentation. */
export const CHANNELS = jobField.text('channels', {
  summary:
    'Channels to segment. The position names the model: nuclei, cytoplasm, phase; a position may be empty.',
  allowed: `one to three of: ${NUMBER_OR_NAME}`,
  fallback: 'the first channel, as nuclei',
  example: '0,',
  accepts: positions(3),
});

/** Channels that a model sees together. */
export function channelsOf(count: number): JobField {
  const numbers = Array.from({ length: count }, (_, channel) => channel).join(',');
  return jobField.text('channels', {
    summary: 'The channels that the model sees, in its order.',
    allowed: `${count} of: ${NUMBER_OR_NAME}`,
    fallback: 'those that the workflow names',
    example: count === 1 ? '0,' : numbers,
    accepts: positions(count, count),
  });
}

/** The channels of a multiplexed image. */
export const TISSUE_CHANNELS = jobField.text('channels', {
  summary: 'The channel of the nuclei, then the channel of the membranes or cytoplasm.',
  allowed: `two of: ${NUMBER_OR_NAME}`,
  fallback: 'the two channels of an image that has two',
  example: '0,1',
  accepts: positions(2, 2),
});

/** The channels of spots and of the cells around them. */
export const SPOT_CHANNELS = jobField.text('channels', {
  summary:
    'The channels of the spots, of the nuclei and of the cytoplasm; the last two may be empty.',
  allowed: `one to three of: ${NUMBER_OR_NAME}`,
  fallback: 'spots in the first channel, and no cells',
  example: '0,1,2',
  accepts: positions(3),
});

export const DIMENSION_ORDER = jobField.choice('dimension_order', DIMENSION_ORDERS, {
  summary:
    'What the axes of the file are, slowest first: B images, frames or slices, X rows, Y columns, C channels.',
  fallback: 'what the file says, else by their lengths: the shortest are channels',
  example: 'BXY',
  anyCase: true,
});

/** Of mesmer jobs, where the web page fills in the field whatever the image. */
export const TISSUE_ORDER = jobField.choice('dimension_order', DIMENSION_ORDERS, {
  summary: 'CXY or XYC: what the file calls frames or slices are channels. Not obeyed otherwise.',
  fallback: 'what the file says, else the shortest axis are channels',
  example: 'CXY',
  anyCase: true,
});

export const SCALE = jobField.positive('scale', {
  summary:
    'Factor by which the image is resized for the model: its pixel size over that of the model. Wins over pixel_size.',
  fallback: 'pixel_size; else what settings have find; else 1',
  example: '0.5',
});

export const PIXEL_SIZE = jobField.positive('pixel_size', {
  summary:
    'Side of a pixel, from which scale follows: 0.65 µm at segmentation and 0.5 µm at mesmer is ' +
    'a scale of 1. Consumers of the original do not read it.',
  unit: 'µm',
  fallback: 'unknown; with PIXEL_SIZE_FROM_FILE what the file says',
  example: '0.325',
});

export const LABEL = jobField.text('label', {
  summary:
    'Kind of image; where it is given, LABEL_DETECT_ENABLED has no effect. Chooses no model.',
  allowed: '0, 1 or 2',
  fallback: 'what LABEL_DETECT_MODEL finds, if that is enabled',
  example: '0',
  accepts: (text) => /^[012]$/.test(text),
});

export const COMPARTMENT = jobField.choice('compartment', COMPARTMENTS, {
  summary: 'What is labelled.',
  fallback: 'MESMER_COMPARTMENT',
  example: 'nuclear',
});

export const SEGMENTATION_TYPE = jobField.choice('segmentation_type', SEGMENTATION_TYPES, {
  summary: 'In what cells are looked for: tissue by mesmer, cell culture by segmentation.',
  fallback: 'none, if channels names spots only; else it must be given',
  example: 'tissue',
  anyCase: true,
});

const isName = (text: string): boolean => text.trim() !== '';

/** The fields of a job that names its model. */
export const MODEL_FIELDS = [
  jobField.text('model_name', {
    summary: 'Runs this model on the unchanged image instead of a segmentation.',
    allowed: 'the name of a served model',
    fallback: 'a segmentation',
    example: 'NuclearSegmentation',
    accepts: isName,
  }),
  jobField.text('model_version', {
    summary: 'Version of model_name; both or none.',
    allowed: 'a whole number',
    fallback: 'a segmentation',
    example: '6',
    accepts: (text) => /^\d+$/.test(text),
  }),
  jobField.text('preprocess_function', {
    summary: 'What is done before model_name.',
    allowed: `of ${PREPROCESS_NAMES.join(', ')}, separated by commas`,
    fallback: 'nothing',
    example: 'normalize',
    accepts: isName,
  }),
  jobField.text('postprocess_function', {
    summary: 'What is made of the outputs of model_name.',
    allowed: `of ${POSTPROCESS_NAMES.join(', ')}, separated by commas`,
    fallback: 'nothing: the result is the outputs',
    example: 'deep_watershed',
    accepts: isName,
  }),
] as const;
