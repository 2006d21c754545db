import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { APPLICATIONS } from './kernels/applications.ts';
import { DEGENERATE } from './kernels/degenerate.ts';
import { measureHuge } from './kernels/huge.ts';
import { type Row, measure, showHeader } from './kernels/measure.ts';
import { OBJECTS } from './kernels/objects.ts';
import { POSTPROCESSING } from './kernels/postprocessing.ts';
import { PREPROCESSING } from './kernels/preprocessing.ts';
import { RESIZING } from './kernels/resizing.ts';
import { TILING } from './kernels/tiling.ts';

const SIZES = [1024, 2048];
/** Degenerate inputs are measured at this size only. */
const LARGEST = 2048;

/**
 * Measures the kernels and whole applications on one core, on synthetic images of dense nuclei, against the reference's
 * figures. `--only TEXT` measures those whose name contains it; `--huge` takes an image of 144 megapixels through
 * the nuclear application and tells its peak memory; `--json FILE` writes the rows.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      only: { type: 'string', default: '' },
      huge: { type: 'boolean', default: false },
    },
  });
  const rows = values.huge ? measureHuge() : measureAll(values.only);
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
}

function measureAll(only: string): Row[] {
  const chosen = ({ name }: { readonly name: string }): boolean => name.includes(only);
  const usual = [
    ...APPLICATIONS,
    ...PREPROCESSING,
    ...TILING,
    ...POSTPROCESSING,
    ...RESIZING,
    ...OBJECTS,
  ];
  showHeader();
  const rows = SIZES.flatMap((size) => usual.filter(chosen).map((bench) => measure(bench, size)));
  const degenerate = DEGENERATE.filter(chosen).map((bench) => measure(bench, LARGEST));
  compareWithDense(rows, degenerate);
  return [...rows, ...degenerate];
}

/** Tells how many times as long as dense nuclei each degenerate input takes. */
function compareWithDense(rows: readonly Row[], degenerate: readonly Row[]): void {
  for (const { name, ms } of degenerate) {
    const kind = name.split(', ').at(-1);
    const dense = rows.find(
      (row) => row.name === `deep_watershed, ${kind}` && row.size === LARGEST,
    );
    if (dense) console.log(`${name}: ${(ms / dense.ms).toFixed(1)} times dense nuclei (limit 10)`);
  }
}
