import { type Band, type BandArena, withBands } from './bands.ts';
import { FlowLinks } from './flow-links.ts';
import { floodSurface, type WatershedInput, markersOf } from './flooded-surface.ts';
import { LOWEST } from '../ordered-bits.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import type { FloodedSurface, Markers } from './surface.ts';
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
 * @param labels Receives the labels.
 */
export function floodLabels(input: WatershedInput, labels: Int32Array): void {
  withScratch((scratch) => {
    const surface = floodSurface(input, scratch);
    const markers = markersOf(input, surface, scratch);
    const links = decidedLinks(surface, markers, scratch);
    if (links !== undefined) {
      followAll(surface, links, labels);
    } else {
      const flooded = maskedMarkers(surface, markers, scratch);
      floodByHeap(surface.heights, flooded, surface.stride, scratch);
      copyRows(surface, flooded, labels);
    }
  });
}

/** The links of a surface, if its levels tell which label every pixel gets. */
function decidedLinks(
  surface: FloodedSurface,
  markers: Markers,
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
  { heights }: FloodedSurface,
  { pixels, labels }: Markers,
  scratch: Scratch,
): Int32Array {
  const masked = scratch.int32(heights.length);
  for (let i = 0; i < masked.length; i++) masked[i] = heights[i] === LOWEST ? -1 : 0;
  for (let i = 0; i < pixels.length; i++) {
    if (heights[pixels[i]] !== LOWEST) masked[pixels[i]] = labels[i];
  }
  return masked;
}

/** Copies the labels at the ends of all chains: see wasm/label-kernels.ts. */
function followAll(surface: FloodedSurface, links: Int32Array, labels: Int32Array): void {
  withBands(surface, 3, (bands, arena) => {
    followForwards(surface, links, bands, arena);
    copyLabels(surface, { links, labels }, bands, arena);
  });
}

/** Shortens the chains that lead upwards and to the left. */
function followForwards(
  { stride }: FloodedSurface,
  links: Int32Array,
  bands: readonly Band[],
  { kernels, band }: BandArena,
): void {
  const link = band('zero');
  for (const { start, count, rows } of bands) {
    link.int32.set(links.subarray(start - stride, start + count));
    kernels.followForwards(link.address + 4 * stride, stride, rows, start);
    links.set(link.int32.subarray(stride, stride + count), start);
  }
}

/** Follows the others, and copies the labels at their ends. */
function copyLabels(
  { size, stride }: FloodedSurface,
  { links, labels }: { readonly links: Int32Array; readonly labels: Int32Array },
  bands: readonly Band[],
  { kernels, band, list }: BandArena,
): void {
  const [link, places] = [band('zero'), list()];
  for (const { start, count, row, rows } of bands.toReversed()) {
    link.int32.set(links.subarray(start, start + count + stride));
    link.int32.fill(-1, count + stride, count + stride + 4);
    const found = kernels.followBackwards(link.address, stride, rows, start, places.address);
    links.set(link.int32.subarray(0, count), start);
    for (let i = 0; i < found; i++) {
      const pixel = places.int32[i];
      link.int32[pixel - start] = links[pixel] = followLink(links, pixel);
    }
    for (let down = 0; down < rows; down++) {
      const from = down * stride;
      labels.set(link.int32.subarray(from, from + size.columns), (row + down) * size.columns);
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
