import { posix } from 'node:path';
import type { PictureFile, ResultRecord } from '../record.ts';
import { type Html, html, linkTo } from './html.ts';

/** A picture as the page holds it. */
export interface Embedded {
  readonly picture: PictureFile;
  /** `data:` and the whole file. */
  readonly source: string;
}

/** An image with its pictures, its count, what is to be said about it, and links to its files. */
export function card(record: ResultRecord, pictures: readonly Embedded[]): Html {
  const { file, folder, cells, warnings, table } = record;
  const links = [
    ...pictures.map(({ picture }, at) =>
      link(linkTo(folder, picture.overlay), pictures.length > 1 ? `overlay ${at + 1}` : 'overlay'),
    ),
    ...(table ? [link(linkTo(folder, table.name), 'table')] : []),
    link(`${linkTo(folder)}/`, 'all files'),
  ];
  return html`<li class="card">
    ${picturesOf(record, pictures)}
    <div>
      <h3>${posix.basename(file.replaceAll('\\', '/'))}</h3>
      <p>${counted(cells)}</p>
      <p>${joined(links)}</p>
      ${warningList(warnings)}
    </div>
  </li> `;
}

function picturesOf({ file, folder }: ResultRecord, pictures: readonly Embedded[]): Html {
  if (pictures.length === 0) return html`<div class="no-picture">no picture</div>`;
  const shown = pictures.map(
    ({ picture, source }) =>
      html`<a href="${linkTo(folder, picture.overlay)}"
        ><img src="${source}" alt="${file} with the outlines of its cells"
      /></a>`,
  );
  return html`<div class="pictures">${shown}</div>`;
}

function counted(cells: number | null): Html {
  if (cells === null) return html`Done; nothing to count`;
  return html`<strong>${cells.toLocaleString('en')}</strong> ${cells === 1 ? 'cell' : 'cells'}`;
}

function link(target: string, words: string): Html {
  return html`<a href="${target}">${words}</a>`;
}

function joined(links: readonly Html[]): Html {
  return { html: links.map((one) => one.html).join(' · ') };
}

export function warningList(warnings: readonly string[]): Html {
  if (warnings.length === 0) return html``;
  return html`<ul class="warnings">
    ${warnings.map((warning) => html`<li>${warning}</li>`)}
  </ul>`;
}
