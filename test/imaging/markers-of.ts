import type { Markers } from '../../src/imaging/watershed/surface.ts';

/** The markers of a plane that holds their labels, and 0 or less elsewhere. */
export function markersOf(plane: Int32Array): Markers {
  const pixels = Int32Array.from([...plane.keys()].filter((pixel) => (plane[pixel] ?? 0) > 0));
  return { pixels, labels: pixels.map((pixel) => plane[pixel] ?? 0) };
}
