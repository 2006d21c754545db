import { corrupt } from '../../corrupt-image.ts';
import type { TiffHeader } from '../header.ts';
import { PageTags, pageForm, sameForm } from '../page-form.ts';
import { type Page, type Pages, counted } from './series.ts';
import { TAG } from '../tags.ts';

/**
 * The pages of a file. The main ones are those of the form of the first that is no reduced copy of
 * another; where all are said to be copies (GDAL's .ovr, a thumbnail by itself), those of the form of
 * the first. Throws `corrupt_image` if there is none.
 */
export function findPages({ view, directories }: TiffHeader): Pages {
  const all = directories.map((directory): Page | undefined => {
    const tags = new PageTags(view, directory);
    const form = pageForm(tags);
    return form && { tags, form };
  });
  const images = all.filter((page) => page !== undefined);
  const full = images.filter(({ form }) => !form.reduced);
  const [first, ...rest] = full.length > 0 ? full : images;
  if (first === undefined) throw corrupt(view.name, 'it has no pixels');
  const main = rest.filter(({ form }) => sameForm(form, first.form));
  const description = all[0]?.tags.text(TAG.imageDescription) ?? '';
  return { view, all, main: [first, ...main], description };
}

/** What a series of pages leaves out, in sentences. */
export function leftOut({ all, main }: Pages, used: ReadonlySet<Page>): string[] {
  const unused = all.filter((page) => page !== undefined && !used.has(page));
  const copies = unused.filter((page) => page?.form.reduced).length;
  const alike = main.filter((page) => !used.has(page) && !page.form.reduced).length;
  const others = unused.length - copies - alike;
  return [
    ...sentence(alike, 'further page', 'left out'),
    ...sentence(others, 'page', 'of another size or type and left out'),
    ...sentence(copies, 'reduced copy', 'left out'),
  ];
}

function sentence(count: number, what: string, fate: string): string[] {
  const plural = what.replace(/y$/, 'ie');
  if (count === 0) return [];
  return [`${count === 1 ? `1 ${what} is` : `${counted(count, plural)} are`} ${fate}.`];
}
