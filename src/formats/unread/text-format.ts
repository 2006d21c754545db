import type { UnreadFormat } from './known-formats.ts';

const FORMATS: readonly (readonly [RegExp, UnreadFormat])[] = [
  [/^(<!doctype html|<html)/i, { what: 'a web page', remedy: 'text' }],
  [/^version https:\/\/git-lfs/, { what: 'a pointer of Git LFS, not the image', remedy: 'text' }],
  [/^<\?xml[^]*<OME[ >:]/, { what: 'an OME-XML file', remedy: 'microscope' }],
  [/^(<svg|<\?xml[^]*<svg)/, { what: 'an SVG drawing', remedy: 'picture' }],
  [/^<\?xml/, { what: 'an XML file', remedy: 'text' }],
  [/^P[1-7][\s#]/, { what: 'a PNM image (PBM, PGM, PPM or PAM)', remedy: 'picture' }],
  [/^P[fF]\s/, { what: 'a PFM image', remedy: 'picture' }],
  [/^[{[]\s*["{[\d\]}-]/, { what: 'a JSON text', remedy: 'text' }],
];

/** A format that begins with words. */
export function textFormat(start: string): UnreadFormat | undefined {
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  return FORMATS.find(([pattern]) => pattern.test(text))?.[1];
}
