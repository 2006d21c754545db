import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** One metric, declared once: docs/METRICS.md, the dashboards and the registry are made from it. */
export interface Metric<Label extends string = string> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  readonly buckets?: readonly number[];
}

/** Every name of ours begins like this, so that they stand together in Grafana. */
const PREFIX = 'kiosk_';

export const metric = {
  /** A number that only grows; its name ends in `_total`. */
  counter<const Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Metric<Label> {
    return { type: 'counter', name: `${PREFIX}${name}`, help, labels };
  },

  /** A number that rises and falls. */
  gauge<const Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Metric<Label> {
    return { type: 'gauge', name: `${PREFIX}${name}`, help, labels };
  },

  /** A distribution; buckets are upper bounds in the unit that ends the name. */
  histogram<const Label extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels: readonly Label[] = [],
  ): Metric<Label> {
    return { type: 'histogram', name: `${PREFIX}${name}`, help, labels, buckets };
  },
};

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** The only way to write to a metric: its name and its labels are checked against its declaration. */
export class Recorder {
  readonly #registry: Registry;
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  constructor(registry: Registry, metrics: readonly Metric[]) {
    this.#registry = registry;
    for (const declared of metrics) this.#register(declared);
  }

  add<Label extends string>({ name }: Metric<Label>, labels: Labels<Label>, amount = 1): void {
    this.#counters.get(name)?.inc(labels, amount);
  }

  set<Label extends string>({ name }: Metric<Label>, labels: Labels<Label>, value: number): void {
    this.#gauges.get(name)?.set(labels, value);
  }

  observe<Label extends string>(
    { name }: Metric<Label>,
    labels: Labels<Label>,
    value: number,
  ): void {
    this.#histograms.get(name)?.observe(labels, value);
  }

  #register({ type, name, help, labels, buckets }: Metric): void {
    const common = { name, help, labelNames: [...labels], registers: [this.#registry] };
    if (type === 'counter') this.#counters.set(name, new Counter(common));
    else if (type === 'gauge') this.#gauges.set(name, new Gauge(common));
    else this.#histograms.set(name, new Histogram({ ...common, buckets: [...(buckets ?? [])] }));
  }
}
