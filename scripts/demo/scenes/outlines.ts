import { decodeImage } from '../../../src/formats/decode-image.ts';

const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 31 };

/** Pixels of a file, of whatever size. */
export function pixelsOf(
  name: string,
  bytes: Uint8Array | undefined,
): ReturnType<typeof decodeImage> {
  if (bytes === undefined) throw new Error(`The result has no ${name}.`);
  return decodeImage({ bytes, name, limits: NO_LIMITS });
}
