import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** One metric, declared once: docs/METRICS.md, the dashboards and the registry are made from it. */
export interface Metric<Label extends string = string> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  readonly buckets?: readonly number[];
  /** Whether each queue of a process has a series of its own; else the label `queue` names all of them. */
  readonly ofQueue?: true;
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

/** The same metric, with a series for each queue that a process serves. */
export function ofQueue<const Declared extends Metric>(declared: Declared): Declared {
  return { ...declared, ofQueue: true };
}

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** All metrics of a process. */
interface Series {
  readonly counters: Map<string, Counter>;
  readonly gauges: Map<string, Gauge>;
  readonly histograms: Map<string, Histogram>;
}

/**
 * The only way to write to a metric: its name and its labels are checked against its declaration. What is
 * written for a queue gets its name as a label, where the metric has a series for each.
 */
export class Recorder {
  readonly #series: Series;
  readonly #queue: string;

  constructor(series: Series, queue: string) {
    this.#series = series;
    this.#queue = queue;
  }

  add<Label extends string>(declared: Metric<Label>, labels: Labels<Label>, amount = 1): void {
    this.#series.counters.get(declared.name)?.inc(this.#labelled(declared, labels), amount);
  }

  set<Label extends string>(declared: Metric<Label>, labels: Labels<Label>, value: number): void {
    this.#series.gauges.get(declared.name)?.set(this.#labelled(declared, labels), value);
  }

  observe<Label extends string>(
    declared: Metric<Label>,
    labels: Labels<Label>,
    value: number,
  ): void {
    this.#series.histograms.get(declared.name)?.observe(this.#labelled(declared, labels), value);
  }

  /** Shows a counter or a histogram before its first value, so that Prometheus sees it increase. */
  show<Label extends string>(declared: Metric<Label>, labels: Labels<Label>): void {
    const labelled = this.#labelled(declared, labels);
    this.#series.counters.get(declared.name)?.inc(labelled, 0);
    this.#series.histograms.get(declared.name)?.zero(labelled);
  }

  #labelled(declared: Metric, labels: Labels<string>): Labels<string> {
    return declared.ofQueue === undefined ? labels : { ...labels, queue: this.#queue };
  }
}

/**
 * Registers metrics for a process that serves some queues: a recorder for each. What all queues have in
 * common may be written by any of them, with the names of all as the label `queue`. Those of authors show
 * nothing yet; workflows of several queues may have one in common.
 */
export function openRecorders(
  registry: Registry,
  metrics: readonly Metric[],
  queues: readonly string[],
  ofAuthors: readonly Metric[] = [],
): ReadonlyMap<string, Recorder> {
  registry.setDefaultLabels({ queue: queues.join(',') });
  const series = { counters: new Map(), gauges: new Map(), histograms: new Map() };
  const distinct = new Map([...metrics, ...ofAuthors].map((one) => [one.name, one]));
  for (const declared of distinct.values()) register(declared, registry, series);
  const recorders = new Map(queues.map((queue) => [queue, new Recorder(series, queue)]));
  const ofQueues = metrics.filter((one) => one.ofQueue && one.labels.length === 0);
  for (const queue of queues) {
    for (const { name } of ofQueues) showZero(name, queue, series);
  }
  return recorders;
}

/**
 * prom-client shows a metric without labels from the start; one whose only label is the queue is to be seen
 * as early.
 */
function showZero(name: string, queue: string, { counters, gauges, histograms }: Series): void {
  counters.get(name)?.inc({ queue }, 0);
  gauges.get(name)?.set({ queue }, 0);
  histograms.get(name)?.zero({ queue });
}

function register(
  { type, name, help, labels, buckets, ofQueue: isOfQueue }: Metric,
  registry: Registry,
  { counters, gauges, histograms }: Series,
): void {
  const labelNames = isOfQueue === undefined ? [...labels] : [...labels, 'queue'];
  const common = { name, help, labelNames, registers: [registry] };
  if (type === 'counter') counters.set(name, new Counter(common));
  else if (type === 'gauge') gauges.set(name, new Gauge(common));
  else histograms.set(name, new Histogram({ ...common, buckets: [...(buckets ?? [])] }));
}
