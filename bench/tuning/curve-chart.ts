import { svg, svgText } from '../harness/svg.ts';
import type { CurvePoint } from './memory-curve.ts';

const SIZE = { width: 720, height: 360 };
const PLOT = { left: 56, top: 48, right: 600, bottom: 310 };
const COLOURS = ['#2563a8', '#c2571a', '#5b7f2b', '#7a4fa3'];
/** Height of a line of text. */
const LINE = 15;
const GRID = '#d5dae0';

/** The rate against the memory limit as an SVG, a line for each time that a call takes. Memory doubles at equal distances. */
export function curveChart(points: readonly CurvePoint[]): string {
  const most = Math.max(1, ...points.map(({ imagesPerSecond }) => imagesPerSecond));
  const memories = [...new Set(points.map(({ memoryMiB }) => memoryMiB))];
  const [least, greatest] = [Math.min(...memories), Math.max(...memories)].map(Math.log2);
  const x = (mib: number): number =>
    between(PLOT.left, PLOT.right, (Math.log2(mib) - least) / (greatest - least || 1));
  const y = (rate: number): number => between(PLOT.bottom, PLOT.top, rate / Math.ceil(most));
  const lines = [...Map.groupBy(points, ({ latencyMs }) => latencyMs)];
  const labels = apart(lines.map(([, own]) => y(own.at(-1)?.imagesPerSecond ?? 0) + 4));
  return svg({ title: 'Rate against the memory limit', ...SIZE }, [
    svgText(
      12,
      24,
      'Images of 1024² a second, by the memory limit of the container',
      'font-weight="bold"',
    ),
    ...Array.from({ length: Math.ceil(most) + 1 }, (_, rate) => [
      `<line x1="${PLOT.left}" y1="${y(rate).toFixed(1)}" x2="${PLOT.right}" y2="${y(rate).toFixed(1)}" stroke="${GRID}"/>`,
      svgText(PLOT.left - 8, y(rate) + 4, String(rate), 'text-anchor="end"'),
    ]).flat(),
    ...memories.map((mib) => svgText(x(mib), PLOT.bottom + 20, `${mib}`, 'text-anchor="middle"')),
    svgText((PLOT.left + PLOT.right) / 2, PLOT.bottom + 40, 'MiB', 'text-anchor="middle"'),
    ...lines.flatMap(([latencyMs, own], index) => {
      const colour = COLOURS[index % COLOURS.length];
      const path = own.map(
        (one) => `${x(one.memoryMiB).toFixed(1)},${y(one.imagesPerSecond).toFixed(1)}`,
      );
      return [
        `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        svgText(
          PLOT.right + 8,
          labels[index] ?? 0,
          `${latencyMs} ms a call`,
          `style="fill:${colour}"`,
        ),
      ];
    }),
  ]);
}

/** The same heights, moved down where two lines of text would overlap. */
function apart(heights: readonly number[]): number[] {
  const moved = [...heights];
  const order = [...heights.keys()].sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  for (const [place, index] of order.entries()) {
    const above = place === 0 ? -Infinity : (moved[order[place - 1] ?? 0] ?? 0);
    moved[index] = Math.max(heights[index] ?? 0, above + LINE);
  }
  return moved;
}

function between(from: number, to: number, share: number): number {
  return from + share * (to - from);
}
