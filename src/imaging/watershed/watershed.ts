import { FlowLinks } from './flow-links.ts';
import { floodSurface, type Landscape } from './flooded-surface.ts';
import { LOWEST } from '../ordered-bits.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import type { FloodedSurface } from './surface.ts';
import { floodByHeap } from './watershed-heap.ts';

/**
 * Grows labels from markers over the pixels above a threshold, highest pixels first:
 * `skimage.segmentation.watershed(-plane, markers, mask=plane > threshold)`, connectivity 1, without lines,
 * to the pixel. Beucher and Meyer, "The morphological approach to segmentation: the watershed transformation"
 * (1993). Markers outside the mask vanish; pixels that no marker reaches become 0.
 *
 * The queue of that algorithm visits the objects of the image in turn, a pixel here and a pixel there, and so
 * spends its time waiting for memory. Here the labels follow from what the neighbours of each pixel tell
 * about the order of that queue. The queue itself is the fallback for the rare images where they do not tell
 * enough.
 *
 * @param labels Receives the labels; may be the array of the markers.
 */
export function floodLabels(landscape: Landscape, labels: Int32Array): void {
  withScratch((scratch) => {
    const surface = floodSurface(landscape, scratch);
    const links = decidedLinks(surface, landscape.markers, scratch);
    if (links !== undefined) {
      followRows(surface, links, labels);
    } else {
      const flooded = maskedMarkers(surface, landscape.markers, scratch);
      floodByHeap(surface.heights, flooded, surface.stride, scratch);
      copyRows(surface, flooded, labels);
    }
  });
}

/** The links of a surface, if its levels tell which label every pixel gets. */
function decidedLinks(
  surface: FloodedSurface,
  markers: Int32Array,
  scratch: Scratch,
): Int32Array | undefined {
  if (!surface.complete) return undefined;
  const memory = scratch.int32(surface.levels.length);
  const { links, undecided } = new FlowLinks(surface, markers, memory);
  for (let i = 0; i < undecided.length; i += 2) {
    const label = followLink(links, undecided.at(i));
    if (label !== followLink(links, undecided.at(i + 1))) return undefined;
  }
  return links;
}

/** The label at the end of a chain of links (see `FlowLinks`), which replaces all links of the chain. */
function followLink(links: Int32Array, pixel: number): number {
  const link = links[pixel];
  if (link >= 0) return link;
  let end = ~link;
  while (links[end] < 0) end = ~links[end];
  const label = links[end];
  for (let next = pixel; links[next] < 0;) {
    const after = ~links[next];
    links[next] = label;
    next = after;
  }
  return label;
}

/** Markers in the layout of a surface: 0 for the rest of the mask, -1 outside of it. */
function maskedMarkers(
  { size, stride, heights }: FloodedSurface,
  markers: Int32Array,
  scratch: Scratch,
): Int32Array {
  const masked = scratch.int32(heights.length).fill(-1);
  for (let row = 0; row < size.rows; row++) {
    const start = (row + 1) * stride;
    for (let column = 0; column < size.columns; column++) {
      if (heights[start + column] === LOWEST) continue;
      masked[start + column] = Math.max(0, markers[row * size.columns + column]);
    }
  }
  return masked;
}

/** Copies the labels at the ends of all chains. */
function followRows({ size, stride }: FloodedSurface, links: Int32Array, labels: Int32Array): void {
  for (let row = 0; row < size.rows; row++) {
    const start = (row + 1) * stride;
    const target = row * size.columns;
    for (let column = 0; column < size.columns; column++) {
      let label = links[start + column];
      if (label < 0) {
        // Half of the sources are above or to the left, and have their labels already.
        label = links[~label];
        if (label < 0) label = followLink(links, start + column);
        links[start + column] = label;
      }
      labels[target + column] = label;
    }
  }
}

/** Copies labels from the layout of a surface, where -1 stands for 0. */
function copyRows({ size, stride }: FloodedSurface, flooded: Int32Array, labels: Int32Array): void {
  for (let row = 0; row < size.rows; row++) {
    const start = (row + 1) * stride;
    const target = row * size.columns;
    for (let column = 0; column < size.columns; column++) {
      labels[target + column] = Math.max(0, flooded[start + column]);
    }
  }
}
