import type { CatalogueEntry } from './entry.ts';

/** What may be wrong with the file of a job. */
export const FILE_ERRORS = {
  unsupported_file: {
    kind: 'bad_input',
    cause: 'The file is of a type, or uses a variant of a format, that the consumer does not read.',
    remedy:
      'Convert the image to TIFF (uncompressed, LZW, deflate, zstd or PackBits), PNG or JPEG.',
  },
  corrupt_image: {
    kind: 'bad_input',
    cause: 'The file ends too early or its contents contradict its header.',
    remedy: 'Open the file in an image viewer, save it again and upload it again.',
  },
  blank_image: {
    kind: 'bad_input',
    cause:
      'The image, or a channel that the job uses, holds no values: its pixels are NaN or ' +
      'infinite, or its planes are not in the file.',
    remedy: 'Save the image with its pixels, or name another channel.',
  },
  image_too_large: {
    kind: 'bad_input',
    cause:
      'The image is taller or wider than MAX_IMAGE_HEIGHT or MAX_IMAGE_WIDTH, or has too many frames.',
    remedy: 'Crop the image, or raise the settings named in the message.',
  },
  file_too_large: {
    kind: 'bad_input',
    cause: 'The file in the bucket is larger than MAX_FILE_BYTES.',
    remedy: 'Upload a smaller file, or raise the setting.',
  },
  archive_too_large: {
    kind: 'bad_input',
    cause:
      'The archive has more members than MAX_ARCHIVE_ENTRIES, or expands to more than ' +
      'MAX_ARCHIVE_BYTES or MAX_ARCHIVE_RATIO allow.',
    remedy: 'Split the archive, or raise the setting that the message names.',
  },
  corrupt_archive: {
    kind: 'bad_input',
    cause: 'The file is not a zip or tar archive, or is damaged.',
    remedy: 'Create the archive again and upload it.',
  },
  unsafe_archive: {
    kind: 'bad_input',
    cause: 'The archive has members with absolute paths, paths that lead out of it, or links.',
    remedy: 'Archive the folder itself, with relative paths and the files that links point to.',
  },
  wrong_dimensions: {
    kind: 'bad_input',
    cause:
      'The image does not have the number of axes or channels that the workflow or the model needs.',
    remedy:
      'Save the file with the axes and channels that the message asks for; where the workflow ' +
      'has the fields dimension_order and channels, set them to match the image.',
  },
  nothing_to_track: {
    kind: 'bad_input',
    cause: 'A frame of the movie has no cells, or no background around them.',
    remedy:
      'Look at the frame that the message names, counted from 0. If it has no cells, submit the movie ' +
      'without it; if it has, choose another model or scale.',
  },
  input_changed: {
    kind: 'bad_input',
    cause: 'The file of the job was replaced or removed in the bucket while the job was under way.',
    remedy: 'Submit the job again, with a file that stays as it is until the job has ended.',
  },
} as const satisfies Record<string, CatalogueEntry>;
