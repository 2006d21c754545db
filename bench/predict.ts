import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureCodec } from './predict/codec.ts';
import { measurePace } from './predict/pace.ts';
import { type Row, showHeader } from './predict/row.ts';
import { measureSlowdown } from './predict/slowdown.ts';
import { measureThroughput } from './predict/throughput.ts';

/**
 * Measures the way to the model server against its limits, over loopback with the server in a process of its own:
 * the codec against a plain copy; the bytes that go through against a bare loop that sends equal bytes over the same
 * connections; and how full servers of a given pace are kept. Figures are medians of `--rounds ROUNDS` pairs, half as many
 * for the servers with a pace, which are less noisy. `--slowdown SECONDS` measures a server that becomes ten
 * times slower for so long instead.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      slowdown: { type: 'string' },
    },
  });
  showHeader();
  const rows =
    values.slowdown === undefined
      ? await measureAll(Number(values.rounds))
      : await measureSlowdown(Number(values.slowdown));
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2));
}

async function measureAll(rounds: number): Promise<Row[]> {
  return [
    ...measureCodec(),
    ...(await measureThroughput(rounds)),
    ...(await measurePace(Math.ceil(rounds / 2))),
  ];
}
