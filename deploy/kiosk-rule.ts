import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { stringify } from 'yaml';
import { BUSY_TARGET, loadExpression } from './scaling.ts';

/** What the HPAs of the Kiosk's chart divide by, for the consumers whose image is replaced: CONSUMERS is the queue. */
const CHART_TARGETS: Readonly<Record<string, number>> = {
  segmentation: 0.15,
  'segmentation-zip': 0.15,
  mesmer: 1,
  'mesmer-zip': 1,
  caliban: 1,
  'caliban-zip': 2,
  polaris: 1,
  'polaris-zip': 1,
  spot: 1,
  'spot-zip': 1,
};

/**
 * The Kiosk's own series, with another meaning: its HPAs compare `<queue>_consumer_key_ratio` (`segmentation_zip_…`) with a fixed target (type
 * Value), so the ratio of load and wanted load, times that target, makes them grow and shrink as KEDA would. It counts no
 * keys, which one consumer now has many of, and does not fall to 0 while the model servers are away.
 */
export function kioskRuleYaml(): string {
  const rules = Object.entries(CHART_TARGETS).flatMap(([queue, target]) => {
    const deployment = `deployment="${queue}-consumer"`;
    const replicas = `max(kube_deployment_spec_replicas{${deployment}})`;
    return [
      { record: 'kiosk_load', labels: { queue }, expr: loadExpression(queue) },
      {
        // A name of Prometheus has no hyphens.
        record: `${queue.replace('-', '_')}_consumer_key_ratio`,
        labels: { namespace: 'deepcell', service: `${queue}-scaling-service` },
        expr: `${target} * max(kiosk_load{queue="${queue}"}) / (${BUSY_TARGET} * ${replicas})`,
      },
    ];
  });
  const rule = new PrometheusRule({
    metadata: {
      name: 'kiosk-redis-consumer',
      namespace: 'monitoring',
      labels: { release: 'kube-prometheus-stack' },
    },
    spec: { groups: [{ name: 'kiosk-scaling', interval: '15s', rules }] },
  });
  rule.validate();
  return stringify(rule.toJSON(), { lineWidth: 0, version: '1.1' });
}
