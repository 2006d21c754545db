import { forEachRow, type Runs } from './label-runs.ts';
import type { PlaneSize } from '../plane.ts';

/** What the runs of a plane of labels tell of each label; entry 0, the background, means nothing. */
export interface LabelSurvey {
  readonly pixels: Int32Array;
  /** Euler numbers: 8-connected components less 4-connected holes. */
  readonly euler: Int32Array;
}

/**
 * Counts the pixels and the holes of each label. A row of an object is some runs; each adds a component, and each
 * place where it touches a run of the row above joins two or closes a hole. So the Euler number is that of
 * the graph of the runs, its nodes less its edges.
 *
 * @param greatest The greatest label, or a greater number.
 */
export function surveyLabels(labels: Int32Array, size: PlaneSize, greatest: number): LabelSurvey {
  const pixels = new Int32Array(greatest + 1);
  const euler = new Int32Array(greatest + 1);
  const survey = { pixels, euler };
  forEachRow(labels, size, (runs, above) => surveyRow(labels, runs, above, survey));
  return survey;
}

function surveyRow(
  labels: Int32Array,
  { start, count, ends }: Runs,
  above: Runs,
  { pixels, euler }: LabelSurvey,
): void {
  let [first, run] = [0, 0];
  for (let i = 0; i < count; i++) {
    const label = labels[start + first];
    const end = ends[i];
    if (label !== 0) {
      pixels[label] += end - first;
      // The runs above that end before this one begins touch no later one either.
      while (run < above.count && above.ends[run] < first) run++;
      euler[label] += 1 - touching(labels, above, run, { label, end });
    }
    first = end;
  }
}

/** How many runs of a row, from a run on, have a label and begin within a run below or at its corners. */
function touching(
  labels: Int32Array,
  { start, count, ends }: Runs,
  from: number,
  { label, end }: { readonly label: number; readonly end: number },
): number {
  let touches = 0;
  for (let run = from; run < count; run++) {
    const first = run === 0 ? 0 : ends[run - 1];
    if (first > end) break;
    if (labels[start + first] === label) touches++;
  }
  return touches;
}
