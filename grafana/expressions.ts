import type { Metric } from '../src/telemetry/metric.ts';

/** PromQL over the metrics of the catalogue. Each expression sums over consumers and keeps the labels that it is told to. */
export interface Expressions {
  /** The series of a metric, with further matchers such as `code="internal"`. */
  readonly series: (metric: Metric, ...matchers: readonly string[]) => string;
  readonly sum: Aggregation;
  readonly max: Aggregation;
  /** Per second. */
  readonly rate: Aggregation;
  /** A quantile of a histogram, in its unit. */
  readonly quantile: (share: number, metric: Metric, by: readonly string[]) => string;
  /** The mean of a histogram, in its unit. */
  readonly mean: (metric: Metric, by: readonly string[]) => string;
}

type Aggregation = (
  metric: Metric,
  by: readonly string[],
  ...matchers: readonly string[]
) => string;

interface Scope {
  /** Matchers that select the consumers, `queue=~"$queue"`; none for all. */
  readonly selection: readonly string[];
  /** The range of rates, `5m` or `$__rate_interval`. */
  readonly range: string;
}

export function expressionsOver({ selection, range }: Scope): Expressions {
  const braces = (matchers: readonly string[]): string => {
    const all = [...selection, ...matchers];
    return all.length === 0 ? '' : `{${all.join(',')}}`;
  };
  const named = (name: string, matchers: readonly string[]): string => `${name}${braces(matchers)}`;
  const rateOf = (name: string, by: readonly string[], matchers: readonly string[]): string =>
    `sum by (${by.join(', ')}) (rate(${named(name, matchers)}[${range}]))`;
  return {
    series: ({ name }, ...matchers) => named(name, matchers),
    sum: ({ name }, by, ...matchers) => `sum by (${by.join(', ')}) (${named(name, matchers)})`,
    max: ({ name }, by, ...matchers) => `max by (${by.join(', ')}) (${named(name, matchers)})`,
    rate: ({ name }, by, ...matchers) => rateOf(name, by, matchers),
    quantile: (share, { name }, by) =>
      `histogram_quantile(${share}, ${rateOf(`${name}_bucket`, [...by, 'le'], [])})`,
    mean: ({ name }, by) => `${rateOf(`${name}_sum`, by, [])} / ${rateOf(`${name}_count`, by, [])}`,
  };
}
