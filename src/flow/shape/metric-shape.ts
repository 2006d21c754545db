import type { LabelValues, OwnMetric } from '../../facts/own-metric.ts';
import { declaredProblems } from './declared-problems.ts';
import { type Rules, isObject, isWord, listOf, oneOf, orAbsent, textLike } from './shape-rules.ts';

/** A metric has a series for each combination of labels, and a histogram as many for each as buckets. */
const MOST_SERIES = 1000;

/** What Prometheus itself, Node.js and this program call theirs. */
const TAKEN = /^(kiosk_|process_|nodejs_|scrape_|up$)/;
/** How counters end, and the series that Prometheus makes of a histogram. */
const TAKEN_ENDS = /_(total|bucket|sum|count)$/;
/** `queue` is on every series, the others are how histograms and summaries are told. */
const TAKEN_LABELS = ['queue', 'le', 'quantile'];
const NAME = /^[a-z][a-z0-9_]*$/;

const METRIC: Rules = {
  type: oneOf('counter', 'gauge', 'histogram'),
  name: textLike(NAME, 'small letters, digits and underscores, such as my_flow_cells_total'),
  help: textLike(/\S/, 'a sentence'),
  labels: {
    allowed: "an object with all values of each label, such as { size: ['small', 'large'] }",
    accepts: (value) => isObject(value) && Object.values(value).every(isSetOfWords),
  },
  buckets: orAbsent(listOf({ allowed: 'a number', accepts: Number.isFinite }, 'a list of numbers')),
};

function isSetOfWords(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every(isWord) && new Set(value).size === value.length;
}

/** What is wrong with the metrics of a workflow, a sentence each; nothing if it has none. */
export function metricProblems(metrics: unknown): string[] {
  return declaredProblems(metrics, { kind: 'metric', rules: METRIC, meaning: meaningProblems });
}

function meaningProblems(metric: OwnMetric): string[] {
  const { name, labels } = metric;
  const strange = Object.keys(labels).filter(
    (label) => !NAME.test(label) || TAKEN_LABELS.includes(label),
  );
  return [
    ...(TAKEN.test(name)
      ? [`names that begin like this are taken; begin with your own word.`]
      : []),
    ...endProblems(metric),
    ...strange.map((label) => `it cannot have a label "${label}"; call it something else.`),
    ...bucketProblems(metric),
    ...seriesProblems(metric),
  ];
}

function endProblems({ name, type }: OwnMetric): string[] {
  if (type === 'counter') {
    const isRight = name.endsWith('_total');
    return isRight ? [] : [`the name of a counter must end in _total: ${name}_total.`];
  }
  const [end] = TAKEN_ENDS.exec(name) ?? [];
  return end === undefined ? [] : [`the name of a ${type} must not end in ${end}.`];
}

function bucketProblems({ type, buckets }: OwnMetric): string[] {
  if (type !== 'histogram') return buckets === undefined ? [] : ['only a histogram has buckets.'];
  const isRising = buckets?.every((bound, at) => at === 0 || bound > (buckets[at - 1] ?? bound));
  return isRising && buckets?.length ? [] : ['its buckets must be a list of rising numbers.'];
}

function seriesProblems({ labels, buckets }: OwnMetric): string[] {
  const series = seriesOf(labels) * (buckets === undefined ? 1 : buckets.length + 3);
  return series <= MOST_SERIES
    ? []
    : [`its labels and buckets make ${series} series, but at most ${MOST_SERIES} are allowed.`];
}

function seriesOf(labels: LabelValues): number {
  return Object.values(labels).reduce((product, { length }) => product * length, 1);
}
