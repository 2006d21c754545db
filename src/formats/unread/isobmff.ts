import type { UnreadFormat } from './known-formats.ts';

/** Pictures by the brand of the container (ISO/IEC 14496-12); others are films. */
const PICTURES = new Map([
  ['heic', 'an HEIC image'],
  ['heix', 'an HEIC image'],
  ['hevc', 'an HEIC image'],
  ['mif1', 'an HEIF image'],
  ['msf1', 'an HEIF image'],
  ['avif', 'an AVIF image'],
  ['avis', 'an AVIF image'],
  ['crx ', 'a Canon CR3 image'],
]);

/** A file in the container of MP4. */
export function isobmff(start: string): UnreadFormat | undefined {
  if (!start.startsWith('ftyp', 4)) return undefined;
  const picture = PICTURES.get(start.slice(8, 12));
  return picture === undefined
    ? { what: 'an MP4 or QuickTime film', remedy: 'volume' }
    : { what: picture, remedy: 'picture' };
}
