import type { Emit } from '../../facts/flow.ts';
import type { LabelValues, OwnMetric } from '../../facts/own-metric.ts';
import type { Metric, Recorder } from '../metric.ts';

/** A metric of an author in the form of ours: each queue has series of its own. */
export function asMetric({ type, name, help, labels, buckets }: OwnMetric): Metric {
  const common = { type, name, help, labels: Object.keys(labels), ofQueue: true } as const;
  return buckets === undefined ? common : { ...common, buckets };
}

/** Writes what stages of authors record on one queue. Counters and histograms are shown from the start. */
export function recordOwnMetrics(recorder: Recorder, metrics: readonly OwnMetric[]): Emit {
  const declared = new Map(metrics.map((metric) => [metric, asMetric(metric)]));
  for (const [{ labels }, one] of declared) {
    for (const given of combinations(labels)) recorder.show(one, given);
  }
  return (fact) => {
    if (fact.type !== 'metric recorded') return;
    const { metric, labels, value } = fact;
    const one = declared.get(metric);
    if (one === undefined) return;
    if (metric.type === 'counter') recorder.add(one, labels, value);
    else if (metric.type === 'gauge') recorder.set(one, labels, value);
    else recorder.observe(one, labels, value);
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
