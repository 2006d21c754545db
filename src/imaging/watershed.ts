import { FlowLinks } from './flow-links.ts';
import { type FloodedSurface, floodSurface, type Landscape } from './flooded-surface.ts';
import { withScratch } from './scratch.ts';
import { floodByHeap } from './watershed-heap.ts';

/**
 * Grows labels from markers over the pixels above a threshold, highest pixels first: `skimage.segmentation.watershed(-plane, markers,
 * mask=plane > threshold)`, connectivity 1, without lines, to the pixel. Beucher and Meyer, "The morphological approach to segmentation:
 * the watershed transformation" (1993). Markers outside the mask vanish; pixels that no marker reaches become 0.
 *
 * The queue of that algorithm visits the objects of the image in turn, a pixel here and a pixel there, and so spends its time waiting
 * for memory. Here the labels follow from what the neighbours of each pixel tell about the order of that queue. The queue itself is the
 * fallback for the rare images where they do not tell enough.
 *
 * @param labels Receives the labels; may be the array of the markers.
 */
export function floodLabels(landscape: Landscape, labels: Int32Array): void {
  withScratch((scratch) => {
    const surface = floodSurface(landscape, scratch);
    const flooded = scratch.int32(surface.levels.length);
    if (!surface.complete || !floodByLinks(surface, landscape.markers, flooded)) {
      placeMarkers(surface, landscape.markers, flooded, { outside: -1 });
      floodByHeap(surface.heights, flooded, surface.stride, scratch);
    }
    copyLabels(surface, flooded, labels);
  });
}

/** False if the levels leave open which of two labels a pixel gets. */
function floodByLinks(surface: FloodedSurface, markers: Int32Array, flooded: Int32Array): boolean {
  placeMarkers(surface, markers, flooded, { outside: 0 });
  const { links, undecided } = new FlowLinks(surface, flooded);
  followLinks(links);
  for (let i = 0; i < undecided.length; i += 2) {
    if (links[undecided.at(i)] !== links[undecided.at(i + 1)]) return false;
  }
  return true;
}

/** Brings the markers within the mask into the layout of the surface, with 0 for the rest of the mask. */
function placeMarkers(
  { size, stride, heights }: FloodedSurface,
  markers: Int32Array,
  placed: Int32Array,
  { outside }: { outside: 0 | -1 },
): void {
  placed.fill(outside);
  for (let row = 0; row < size.rows; row++) {
    const start = (row + 1) * stride;
    const source = row * size.columns;
    for (let column = 0; column < size.columns; column++) {
      if (heights[start + column] !== -Infinity)
        placed[start + column] = Math.max(0, markers[source + column]);
    }
  }
}

/** Replaces every link (see `FlowLinks`) by the label at the end of its chain. */
function followLinks(links: Int32Array): void {
  for (let i = 0; i < links.length; i++) {
    if (links[i] >= 0) continue;
    let end = ~links[i];
    while (links[end] < 0) end = ~links[end];
    const label = links[end];
    for (let pixel = i; links[pixel] < 0;) {
      const next = ~links[pixel];
      links[pixel] = label;
      pixel = next;
    }
  }
}

function copyLabels(
  { size, stride }: FloodedSurface,
  flooded: Int32Array,
  labels: Int32Array,
): void {
  for (let row = 0; row < size.rows; row++) {
    const start = (row + 1) * stride;
    const target = row * size.columns;
    for (let column = 0; column < size.columns; column++) {
      labels[target + column] = Math.max(0, flooded[start + column]);
    }
  }
}
