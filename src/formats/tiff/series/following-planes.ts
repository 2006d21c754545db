import { type PageLayout, pageLayout } from '../layout.ts';
import { boxBytes } from '../segment-form.ts';
import { plainTable } from '../segment-table.ts';
import type { Page, Plane } from './series.ts';

/**
 * How many planes of a page's form lie in one piece from its pixels on, its own included: 1 if its
 * pixels are not stored as they are.
 */
export function planesInOnePiece(page: Page, { trusting }: { readonly trusting: boolean }): number {
  const layout = pageLayout(page.tags, page.form);
  const { compression, predictor, reversed, bits, tiled } = layout;
  const isPlain = compression === 1 && predictor === 1 && !reversed && !tiled;
  if (!isPlain || ![8, 16, 32, 64].includes(bits)) return 1;
  const start = startOf(layout);
  if (start === undefined || !(trusting || isInOnePiece(layout))) return 1;
  return Math.max(1, Math.floor((page.tags.view.bytes.length - start) / planeBytes(layout)));
}

/** How a plane is stored, if its page is stored so. */
export function followingLayout(layout: PageLayout, { page, following }: Plane): PageLayout {
  if (following === 0) return layout;
  const { width, height, depth, planar, samples } = layout;
  const size = planeBytes(layout);
  const start = (startOf(layout) ?? 0) + following * size;
  const count = planar ? samples : 1;
  return {
    ...layout,
    segment: { width, height, depth },
    grid: { width: 1, height: 1, depth: 1 },
    table: plainTable(page.tags, { start, size: size / count, count }),
  };
}

function planeBytes({ width, height, depth, planar, samples, bits }: PageLayout): number {
  const size = boxBytes({ width, height, depth }, { samples, planar, bits });
  return planar ? size * samples : size;
}

function startOf({ table }: PageLayout): number | undefined {
  return table.place(0)?.start;
}

function isInOnePiece({ table }: PageLayout): boolean {
  let end = table.place(0)?.start;
  for (let index = 0; index < table.count; index++) {
    const place = table.place(index);
    if (place === undefined || place.start !== end) return false;
    end = place.end;
  }
  return true;
}
