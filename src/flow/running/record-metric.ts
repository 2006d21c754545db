import { KnownError } from '../../errors.ts';
import type { OwnMetric, Recorded } from '../../facts/own-metric.ts';
import { type Rules, isObject, memberProblems, oneOf, whatIs } from '../shape/shape-rules.ts';

interface Recording {
  readonly metric: unknown;
  readonly value: unknown;
  readonly labels: unknown;
}

/**
 * What a stage records, checked against what its workflow declares. The compiler says most of it to authors of
 * TypeScript. Throws `bad_workflow` for a metric, a label or a value that cannot be.
 */
export function checkedRecord(
  stage: string,
  { metric: given, value, labels = {} }: Recording,
  declared: readonly OwnMetric[],
): Recorded {
  const name = isObject(given) ? given['name'] : given;
  const metric = declared.find((one) => one.name === name);
  if (metric === undefined) throw refused(stage, String(name), undeclared(declared));
  const [problem] = [...valueProblems(metric, value), ...labelProblems(metric, labels)];
  if (problem !== undefined) throw refused(stage, metric.name, problem);
  // They have just been checked.
  return { metric, value: value as number, labels: { ...(labels as Recorded['labels']) } };
}

function undeclared(declared: readonly OwnMetric[]): string {
  const names = declared.map(({ name }) => name).join(', ') || 'none';
  return `the workflow does not declare it. Its \`metrics\` are ${names}.`;
}

function valueProblems({ type }: OwnMetric, value: unknown): string[] {
  const least = type === 'counter' ? 0 : -Infinity;
  if (Number.isFinite(value) && Number(value) >= least) return [];
  const allowed = type === 'counter' ? 'a number, 0 or more' : 'a number';
  return [`its value is ${whatIs(value)}, but must be ${allowed}.`];
}

function labelProblems({ labels: declared }: OwnMetric, labels: unknown): string[] {
  if (!isObject(labels)) return [`its labels are ${whatIs(labels)}, but must be an object.`];
  if (Object.keys(declared).length === 0) {
    const [label] = Object.keys(labels);
    return label === undefined ? [] : [`"${label}" is no part of its labels. It has none.`];
  }
  const entries = Object.entries(declared).map(([label, values]) => [label, oneOf(...values)]);
  return memberProblems(labels, Object.fromEntries(entries) as Rules, 'its labels');
}

function refused(stage: string, name: string, problem: string): KnownError {
  return new KnownError(
    'bad_workflow',
    `Stage "${stage}" cannot record the metric "${name}": ${problem}`,
  );
}
