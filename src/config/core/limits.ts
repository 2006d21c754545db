import { setting } from '../setting.ts';

/** Limits on a job. */
export const LIMIT_SETTINGS = {
  maxImageHeight: setting.integer(
    'MAX_IMAGE_HEIGHT',
    2048,
    'Maximum height of an image, in pixels; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxImageWidth: setting.integer(
    'MAX_IMAGE_WIDTH',
    2048,
    'Maximum width of an image, in pixels; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxImageFrames: setting.integer(
    'MAX_IMAGE_FRAMES',
    60,
    'Maximum frames of a stack; 0: no limit.',
    {
      min: 0,
    },
  ),
  maxFileBytes: setting.bytes('MAX_FILE_BYTES', 2 ** 31, 'Maximum size of an uploaded file.'),
} as const;
