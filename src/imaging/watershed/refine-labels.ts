import { erodeEdges } from './erode-edges.ts';
import { fillHoles } from './fill-holes.ts';
import { surveyLabels } from './label-survey.ts';
import type { PlaneSize } from '../plane.ts';

export interface Refinement {
  /** Pixels by which labels shrink where they touch something else. */
  readonly labelErosion: number;
  /** Objects with fewer pixels are removed. */
  readonly smallObjectsThreshold: number;
  /** Holes with fewer pixels are filled. */
  readonly fillHolesThreshold: number;
}

/** A channel of an image: pixel i stands at `start + i * step`. */
export interface Channel {
  readonly data: Int32Array;
  readonly start: number;
  readonly step: number;
}

/**
 * Erodes labels, removes small ones (`remove_small_objects` of skimage), fills holes, and writes the labels into a
 * channel, renumbered 1..n in their order (`relabel_sequential`). The channel may be the labels themselves,
 * which are changed in any case.
 *
 * @param greatest The greatest label. All labels from 1 on are there.
 */
export function refineLabels(
  labels: Int32Array,
  size: PlaneSize,
  { labelErosion, smallObjectsThreshold, fillHolesThreshold }: Refinement,
  { greatest, channel }: { readonly greatest: number; readonly channel: Channel },
): void {
  if (labelErosion > 0) erodeEdges(labels, size, labelErosion);
  const numbers = new Int32Array(greatest + 1);
  for (let label = 1; label <= greatest; label++) numbers[label] = label;
  if (labelErosion > 0 || smallObjectsThreshold > 0 || fillHolesThreshold > 0) {
    const survey = surveyLabels(labels, size, greatest);
    const { pixels } = survey;
    for (let label = 1; label <= greatest; label++) {
      // What is removed stays where it is until all are renumbered: the holes of others do not depend on it.
      if (pixels[label] < smallObjectsThreshold) pixels[label] = 0;
    }
    if (fillHolesThreshold > 0) fillHoles(labels, size, fillHolesThreshold, survey);
    let count = 0;
    for (let label = 1; label <= greatest; label++)
      numbers[label] = pixels[label] > 0 ? ++count : 0;
    if (count === greatest && channel.data === labels) return;
  } else if (channel.data === labels) return;
  const { data, start, step } = channel;
  for (let i = 0, to = start; i < labels.length; i++, to += step) data[to] = numbers[labels[i]];
}
