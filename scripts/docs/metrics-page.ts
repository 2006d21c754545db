import { METRICS } from '../../src/telemetry/catalogue.ts';
import type { Metric } from '../../src/telemetry/metric.ts';

/** The page that explains each metric to operators. */
export function metricsPage(): string {
  const rows = Object.values<Metric>(METRICS).map(
    ({ name, type, labels, help }) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  return [
    '# Metrics\n',
    'What `/metrics` tells, besides the default metrics of Node.js. Every series carries the label `queue`; no label holds a job, a file or a user.\n',
    '| metric | type | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
