/** The labels of a metric, each with all the values that it may have. */
export type LabelValues = Readonly<Record<string, readonly string[]>>;

/**
 * A metric of an author: `/metrics` shows it under this name, with the queue as one label more.
 *
 * @example
 * const metrics: readonly OwnMetric[] = [ownMetric.gauge('my_flow_focus', { help: 'Focus.' })];
 */
export interface OwnMetric<Labels extends LabelValues = LabelValues> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  readonly labels: Labels;
  /** Upper bounds, in the unit that ends the name; of a histogram only. */
  readonly buckets?: readonly number[];
}

/** One value for each label. */
export type LabelsOf<Labels extends LabelValues> = {
  readonly [Name in keyof Labels]: Labels[Name][number];
};

/** The last argument of `record`: only metrics with labels have it. */
export type LabelArguments<Labels extends LabelValues> = [Labels[keyof Labels]] extends [never]
  ? []
  : [labels: LabelsOf<Labels>];

/** What a stage recorded once. */
export interface Recorded {
  readonly metric: OwnMetric;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

type NoLabels = Readonly<Record<string, never>>;

interface Described<Labels> {
  readonly help: string;
  readonly labels?: Labels;
}

/**
 * The kinds of metrics. A workflow lists its own as `metrics`, and its stages `record` them. A name says whose
 * it is and ends in the unit; that of a counter ends in `_total`.
 *
 * @example
 * const found = ownMetric.counter('my_flow_cells_total', {
 *   help: 'Cells found, by size.',
 *   labels: { size: ['small', 'large'] },
 * });
 * const areas = ownMetric.histogram('my_flow_area_pixels', { help: 'Area.', buckets: [10, 100, 1000] });
 */
export const ownMetric = {
  /** A number that only grows: what is recorded is added. */
  counter<const Labels extends LabelValues = NoLabels>(
    name: string,
    described: Described<Labels>,
  ): OwnMetric<Labels> {
    return { type: 'counter', name, ...withLabels(described) };
  },

  /** A number that rises and falls: what is recorded last holds. */
  gauge<const Labels extends LabelValues = NoLabels>(
    name: string,
    described: Described<Labels>,
  ): OwnMetric<Labels> {
    return { type: 'gauge', name, ...withLabels(described) };
  },

  /** A distribution: what is recorded is counted in the first bucket that is not below it. */
  histogram<const Labels extends LabelValues = NoLabels>(
    name: string,
    described: Described<Labels> & { readonly buckets: readonly number[] },
  ): OwnMetric<Labels> {
    return { type: 'histogram', name, ...withLabels(described), buckets: described.buckets };
  },
} as const;

function withLabels<Labels extends LabelValues>({
  help,
  labels,
}: Described<Labels>): Pick<OwnMetric<Labels>, 'help' | 'labels'> {
  // Without labels the type says that there are none.
  return { help, labels: labels ?? ({} as Labels) };
}
