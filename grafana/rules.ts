import { stringify } from 'yaml';
import { METRICS } from '../src/telemetry/catalogue.ts';
import { ALERTS, type Alert } from './alerts.ts';
import { expressionsOver } from './expressions.ts';

const RUNBOOKS = 'docs/runbooks';
const { rate, quantile, max, sum } = expressionsOver({ selection: [], range: '5m' });

/** Expressions that dashboards of others and autoscalers use again, by the name of the series that they make. */
export const RECORDINGS: Readonly<Record<string, string>> = {
  'kiosk:jobs_done:rate5m': rate(METRICS.jobs, ['queue'], 'outcome="done"'),
  'kiosk:jobs_failed:rate5m': rate(METRICS.jobs, ['queue'], 'outcome="failed"'),
  'kiosk:job_queue_wait_seconds:p95_5m': quantile(0.95, METRICS.jobQueueWait, ['queue']),
  'kiosk:work': `${max(METRICS.queueDepth, ['queue'])} + ${sum(METRICS.jobsInFlight, ['queue'])}`,
  'kiosk:utilization': `${sum(METRICS.jobsInFlight, ['queue'])} / ${sum(METRICS.jobsCapacity, ['queue'])}`,
};

/** The rules as Prometheus reads them. */
export function rulesYaml(): string {
  const recordings = Object.entries(RECORDINGS).map(([record, expr]) => ({ record, expr }));
  return stringify(
    {
      groups: [
        { name: 'kiosk-recordings', rules: recordings },
        { name: 'kiosk-alerts', rules: ALERTS.map(alertRule) },
      ],
    },
    { lineWidth: 0, version: '1.1' },
  );
}

function alertRule({ name, severity, expression, lasting, summary }: Alert): object {
  return {
    alert: name,
    expr: expression,
    for: lasting,
    labels: { severity },
    annotations: { summary, runbook: `${RUNBOOKS}/${name}.md` },
  };
}
