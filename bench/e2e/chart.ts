import { svg, svgText } from '../harness/svg.ts';
import { compared, type Report } from './report.ts';

const WIDTH = 720;
/** Where the bars begin, and how long that of the reference is. */
const LEFT = 120;
const FULL = 420;
const BAR = 16;
const ROW = 2 * BAR + 18;
const TOP = 58;
const COLOURS = { reference: '#b8bec6', ours: '#2563a8' };

/**
 * Processor time of an image as an SVG: for each job one bar for the reference, always of the same length, and one for this consumer
 * in proportion, after division by the yardstick. Jobs without a yardstick are left out.
 */
export function chartOf(report: Report): string {
  const bars = report.cases.flatMap((result) => {
    const [first] = compared(result);
    return first?.cpuDivided === undefined
      ? []
      : [{ name: result.name, ours: first.cpuDivided, reference: result.reference.cpuSeconds }];
  });
  const height = TOP + bars.length * ROW;
  return svg({ title: 'Processor time of an image', width: WIDTH, height }, [
    svgText(12, 22, 'Processor time of an image, in seconds', 'font-weight="bold"'),
    svgText(
      12,
      42,
      `Grey: the Python consumer. Blue: this one (${report.date}, same speed of machine).`,
    ),
    ...bars.flatMap(({ name, ours, reference }, index) => {
      const y = TOP + index * ROW;
      return [
        svgText(12, y + BAR + 5, name),
        ...bar(y, FULL, COLOURS.reference, reference.toFixed(2)),
        ...bar(
          y + BAR + 2,
          (FULL * ours) / reference,
          COLOURS.ours,
          `${ours.toFixed(3)}, ${(reference / ours).toFixed(1)} times less`,
        ),
      ];
    }),
  ]);
}

function bar(y: number, length: number, colour: string, label: string): string[] {
  return [
    `<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" fill="${colour}"/>`,
    svgText(LEFT + length + 6, y + BAR - 3, label),
  ];
}
