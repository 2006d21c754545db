import { posix } from 'node:path';
import type { PictureFile, ResultRecord } from '../record.ts';
import { type Html, linkTo, markup } from './markup.ts';

/** A picture as the page holds it. */
export interface Embedded {
  readonly picture: PictureFile;
  /** `data:` and the whole file. */
  readonly source: string;
}

/** An image with its pictures, its count, what is to be said about it, and links to its files. */
export function card(record: ResultRecord, pictures: readonly Embedded[]): Html {
  const { file, folder, cells, warnings, input, table } = record;
  const isOne = pictures.length === 1;
  const links = [
    ...pictures.map(({ picture }, at) =>
      link(linkTo(folder, picture.overlay), isOne ? 'overlay' : `overlay ${at + 1}`),
    ),
    ...(table ? [link(linkTo(folder, table.name), 'table')] : []),
    link(`${linkTo(folder)}/`, 'all files'),
  ];
  return markup`<li class="card">
${picturesOf(record, pictures)}
<div>
<h3>${posix.basename(file.replaceAll('\\', '/'))}</h3>
<p>${counted(cells)}</p>
<p>${joined(links)}</p>
${input === '' ? '' : markup`<p class="key">${input}</p>`}
${warningList(warnings)}</div>
</li>
`;
}

function picturesOf({ file, folder }: ResultRecord, pictures: readonly Embedded[]): Html {
  if (pictures.length === 0) return markup`<div class="no-picture">no picture</div>`;
  const alt = `${file} with the outlines of its cells`;
  const shown = pictures.map(({ picture, source }) => {
    const image = markup`<img src="${source}" alt="${alt}" decoding="async" />`;
    return markup`<a href="${linkTo(folder, picture.overlay)}">${image}</a>`;
  });
  return markup`<div class="pictures">${shown}</div>`;
}

function counted(cells: number | null): Html {
  if (cells === null) return markup`Done; nothing to count`;
  const words = cells === 1 ? 'cell' : 'cells';
  return markup`<strong>${cells.toLocaleString('en')}</strong> ${words}`;
}

function link(target: string, words: string): Html {
  return markup`<a href="${target}">${words}</a>`;
}

function joined(links: readonly Html[]): Html {
  return { html: links.map((one) => one.html).join(' · ') };
}

export function warningList(warnings: readonly string[]): Html {
  if (warnings.length === 0) return markup``;
  const items = warnings.map((warning) => markup`<li>${warning}</li>`);
  return markup`<ul class="warnings">${items}</ul>
`;
}
