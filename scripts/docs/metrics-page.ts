import { METRICS } from '../../src/telemetry/catalogue.ts';
import type { Metric } from '../../src/telemetry/metric.ts';

/** The page that explains each metric to operators. */
export function metricsPage(): string {
  const rows = Object.values<Metric>(METRICS).map(
    ({ name, type, labels, help, ofQueue }) =>
      `| \`${name}\` | ${type} | ${[...labels, ...(ofQueue ? ['queue'] : [])].map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return [
    '# Metrics\n',
    'What `/metrics` tells, besides the default metrics of Node.js. Every series carries the label `queue`: where the table has it, each queue has a series of its own; elsewhere it names all queues that the process serves, with commas. No label holds a job, a file or a user. [WORKFLOWS.md](WORKFLOWS.md#metrics-of-your-own) says how a workflow adds metrics of its own.\n',
    '| metric | type | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
