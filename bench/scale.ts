import { parseArgs } from 'node:util';
import { type Report, machine } from './e2e/report.ts';
import { readReport, writeReport } from './harness/benchmark-page.ts';
import { type PodsRow, measurePods } from './scale/measure-pods.ts';
import { type ProcessesRow, measureProcesses } from './scale/measure-processes.ts';
import { scalePage } from './scale/page.ts';

export type ScaleReport = Omit<Report, 'cases'> & {
  readonly processes?: readonly ProcessesRow[];
  readonly pods?: readonly PodsRow[];
};

/**
 * Measures how consumers scale out. `processes`: nuclear jobs of 512² through several consumers on this machine. `pods`: up to a
 * thousand simulated pods, which say to a real Redis what consumers say and only sleep where these work on images. Writes
 * docs/benchmarks/scale.md and .json, where what is not measured stays.
 *
 * `--only processes` or `--only pods`, `--processes 1,2,4,8`, `--latency 0,300`, `--pods 10,100,1000`.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      processes: { type: 'string', default: '1,2,4,8' },
      latency: { type: 'string', default: '0,300' },
      pods: { type: 'string', default: '10,100,300,1000' },
    },
  });
  const head = { ...(await readReport<ScaleReport>('scale')), ...(await machine()) };
  const pods: PodsRow[] = [];
  if (values.only !== 'processes') {
    for (const count of numbers(values.pods)) {
      pods.push(await measurePods(count));
      console.log(JSON.stringify(pods.at(-1)));
      await save({ ...head, pods });
    }
  }
  if (values.only !== 'pods') {
    const processes = await measureProcesses(numbers(values.processes), numbers(values.latency));
    await save({ ...head, ...(pods.length > 0 && { pods }), processes });
  }
}

function numbers(text: string): number[] {
  return text.split(',').map(Number);
}

async function save(report: ScaleReport): Promise<void> {
  const page = await scalePage(report);
  console.log(page);
  await writeReport('scale', report, page);
}
