import { leftOut } from './pages.ts';
import { imageJSeries } from './imagej.ts';
import { metaMorphSeries } from './metamorph.ts';
import { omeSeries } from './ome-series.ts';
import { pagesSeries } from './pages-series.ts';
import { taggedPixelSize } from './pixel-size.ts';
import type { Pages, Series } from './series.ts';
import { shapedSeries } from './shaped.ts';

/** Those who may say what the planes of a file are, in the order in which tifffile believes them. */
const DIALECTS = [shapedSeries, omeSeries, imageJSeries, metaMorphSeries];

/**
 * The array that the pages of a file make: what its words say, if they fit the file, as tifffile
 * understands them; else the pages one after the other, and a note that the words do not fit.
 */
export function chooseSeries(pages: Pages): Series {
  const misfits: string[] = [];
  for (const dialect of DIALECTS) {
    const series = dialect(pages);
    if (typeof series === 'string') misfits.push(series);
    else if (series !== undefined) return completed(pages, series, misfits);
  }
  const series = pagesSeries(pages);
  const [misfit] = misfits;
  const isKnown = misfit === undefined || series.planes === 1;
  return completed(pages, isKnown ? series : { ...series, misfit }, misfits);
}

function completed(pages: Pages, series: Series, misfits: readonly string[]): Series {
  const notes = misfits.map((misfit) => `${misfit}; its pages are taken as they come.`);
  const pixelSize = series.pixelSize ?? taggedPixelSize(pages);
  return {
    ...series,
    ...(pixelSize && { pixelSize }),
    notes: [...notes, ...(series.notes ?? []), ...leftOut(pages, series.used)],
  };
}
