import { TAG } from '../tags.ts';
import { type Page, type Pages, type Series, planesOfPages, withPage } from './series.ts';

/** The pages of a file one after the other, where no words say what they are. */
export function pagesSeries({ main }: Pages): Series {
  const [first] = main;
  const leading = { axes: 'I', lengths: [main.length] };
  return {
    ...withPage(leading, first.form),
    axesFrom: 'the pages',
    ...planesOfPages(main, main.length),
    channelNames: pageNames(main),
  };
}

/** Multiplexed imaging (MIBI, Agilent) calls each page by the name of its channel. */
function pageNames(main: readonly Page[]): string[] {
  if (main.length === 1) return [];
  const names = main.map(({ tags }) => tags.text(TAG.pageName)?.trim() ?? '');
  return new Set(names).size === names.length && !names.includes('') ? names : [];
}
