import type { Emit } from '../../facts/flow.ts';
import type { LabelValues, OwnMetric } from '../../flow/own-metric.ts';
import type { Metric, Recorder } from '../metric.ts';

/** A metric of an author in the form of ours: each queue has series of its own. */
export function asMetric({ type, name, help, labels, buckets }: OwnMetric): Metric {
  const common = { type, name, help, labels: Object.keys(labels), ofQueue: true } as const;
  return buckets === undefined ? common : { ...common, buckets };
}

/** Writes what stages of authors record on one queue. Counters and histograms are shown from the start. */
export function recordOwnMetrics(recorder: Recorder, metrics: readonly OwnMetric[]): Emit {
  for (const metric of metrics) {
    for (const labels of combinations(metric.labels)) recorder.show(asMetric(metric), labels);
  }
  return (fact) => {
    if (fact.type !== 'metric recorded') return;
    const { metric, labels, value } = fact;
    const declared = asMetric(metric);
    if (metric.type === 'counter') recorder.add(declared, labels, value);
    else if (metric.type === 'gauge') recorder.set(declared, labels, value);
    else recorder.observe(declared, labels, value);
  };
}

/** Every way to give each label a value. */
function combinations(labels: LabelValues): Readonly<Record<string, string>>[] {
  return Object.entries(labels).reduce<Readonly<Record<string, string>>[]>(
    (all, [name, values]) =>
      all.flatMap((given) => values.map((value) => ({ ...given, [name]: value }))),
    [{}],
  );
}
