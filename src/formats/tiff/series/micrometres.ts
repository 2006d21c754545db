/** Micrometres in a unit, by the names that OME, ImageJ and others give it. */
const MICRONS: Readonly<Record<string, number>> = {
  pm: 1e-6,
  Å: 1e-4,
  angstrom: 1e-4,
  nm: 1e-3,
  nanometer: 1e-3,
  µm: 1,
  um: 1,
  micron: 1,
  microns: 1,
  micrometer: 1,
  micrometers: 1,
  mm: 1e3,
  millimeter: 1e3,
  cm: 1e4,
  m: 1e6,
  inch: 25_400,
  in: 25_400,
};

/** A length in µm; undefined if it is no length, or in a unit that is none, such as "pixel". */
export function toMicrons(length: number, unit: string): number | undefined {
  // ImageJ escapes what is not ASCII; the Greek letter looks the same.
  const name = unit.trim().replaceAll('\\u00B5', 'µ').replaceAll('μ', 'µ');
  const factor = MICRONS[name] ?? MICRONS[name.toLowerCase()];
  const microns = factor === undefined ? NaN : length * factor;
  return Number.isFinite(microns) && microns > 0 ? Number(microns.toPrecision(12)) : undefined;
}
