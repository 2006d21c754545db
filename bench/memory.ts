import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Row, showHeader } from './memory/row.ts';
import { measureFlatness } from './memory/flatness.ts';
import { measureLoad } from './memory/load.ts';

const SIZES = [512, 1024, 2048];

/**
 * Measures the resident memory of a consumer without any setting, in a process of its own beside a real Redis and a model server that answers
 * at once: nuclear and mesmer jobs, with and without a memory limit, beside the rate of a consumer whose memory is not bounded; and
 * thousands of small jobs, whose memory must stay flat. `--jobs N` jobs a row, `--small N` small jobs (0: none), `--sizes 512,1024`,
 * `--limit MIB` of the control group, `--latency MS` of a prediction.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      jobs: { type: 'string', default: '200' },
      small: { type: 'string', default: '5000' },
      sizes: { type: 'string', default: SIZES.join() },
      kinds: { type: 'string', default: 'nuclear,mesmer both' },
      limit: { type: 'string', default: '512' },
      latency: { type: 'string', default: '0' },
    },
  });
  showHeader();
  const rows: Row[] = await measureLoad({
    jobs: Number(values.jobs),
    sizes: values.sizes.split(',').map(Number),
    kinds: values.kinds.split(','),
    limitMiB: Number(values.limit),
    latencyMs: Number(values.latency),
  });
  if (Number(values.small) > 0) rows.push(await measureFlatness(Number(values.small)));
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
}
