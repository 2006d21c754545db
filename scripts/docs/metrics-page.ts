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
    'What `/metrics` serves, besides the default metrics of Node.js. Every series has the label `queue`: where the table lists it, each queue has a series of its own; elsewhere the label names all queues of the process, separated by commas. No label names a job, a file or a user. [WORKFLOWS.md](WORKFLOWS.md#metrics-of-your-own) says how a workflow adds metrics of its own.\n',
    '| metric | type | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
