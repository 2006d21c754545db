import { setting } from '../setting.ts';

/** Limits on a job. */
export const LIMIT_SETTINGS = {
  maxImageHeight: setting.integer(
    'MAX_IMAGE_HEIGHT',
    2048,
    'Rows of an image at most; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxImageWidth: setting.integer(
    'MAX_IMAGE_WIDTH',
    2048,
    'Columns of an image at most; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxImageFrames: setting.integer(
    'MAX_IMAGE_FRAMES',
    60,
    'Frames of a stack at most; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxFileBytes: setting.bytes('MAX_FILE_BYTES', 2 ** 31, 'Size of an uploaded file at most.'),
} as const;
