import { corrupt } from '../../corrupt-image.ts';
import { TAG } from '../tags.ts';
import type { Field, TiffView } from '../tiff-view.ts';
import { planesInOnePiece } from './following-planes.ts';
import { type MaybeSeries, type Pages, planesAfter, withPage } from './series.ts';

/** Bytes of UIC2 for each plane: a fraction (distance), then dates and times. */
const PLANE_BYTES = 24;

/**
 * The stack of a MetaMorph file (.stk), whose planes follow the first directory: the tag UIC2 counts
 * them. Along Z if each has a distance, along T if each was made at another time, as tifffile judges.
 */
export function metaMorphSeries({ main, view }: Pages): MaybeSeries {
  const [first] = main;
  const uic2 = first.tags.field(TAG.uic2);
  if (uic2 === undefined || first.tags.field(TAG.uic1) === undefined || uic2.count < 2) {
    return undefined;
  }
  const planes = uic2.count;
  const found = planesInOnePiece(first, { trusting: true });
  if (planes > found) {
    const why = `it ends too early. MetaMorph's tags tell of ${planes} planes, but it holds ${found}`;
    throw corrupt(view.name, why);
  }
  const leading = { axes: axisOf(view, uic2), lengths: [planes] };
  return { ...withPage(leading, first.form), axesFrom: 'MetaMorph', ...planesAfter(first, planes) };
}

function axisOf(view: TiffView, { at, count }: Field): string {
  if (!view.has(at, count * PLANE_BYTES)) return 'I';
  const all = (test: (plane: number) => boolean): boolean => {
    for (let plane = 0; plane < count; plane++) if (!test(at + plane * PLANE_BYTES)) return false;
    return true;
  };
  if (all((plane) => view.uint32(plane) !== 0)) return 'Z';
  const isLater = (plane: number): boolean =>
    plane === at || view.uint32(plane + 12) !== view.uint32(plane - PLANE_BYTES + 12);
  return all(isLater) ? 'T' : 'I';
}
