import type { Setting } from '../../config/setting.ts';
import {
  A_FUNCTION,
  type Rules,
  isObject,
  listOf,
  memberProblems,
  orAbsent,
  textLike,
  whatIs,
} from './shape-rules.ts';
import { fieldProblems } from './field-shape.ts';
import { metricProblems } from './metric-shape.ts';
import { testModelProblems } from './test-model-shape.ts';

const NAME = /^[a-z0-9][a-z0-9_-]*$/;
const STAGES = { ...A_FUNCTION, allowed: 'a function that returns pipeline(…)' };

/** The members that a workflow of any kind has. */
const COMMON: Rules = {
  name: textLike(NAME, 'small letters, digits and hyphens, such as my-workflow'),
  summary: textLike(/\S/, 'a sentence'),
  accepts: {
    ...A_FUNCTION,
    allowed: 'a function of the job, such as (job) => isImage(job.inputFileName)',
  },
  settings: { allowed: 'an object; write {} if it has none', accepts: isObject },
  aliases: orAbsent(
    listOf(textLike(NAME, 'small letters, digits and hyphens'), 'a list of other names'),
  ),
  fields: orAbsent(
    listOf(
      { allowed: 'a field, such as jobField.positive(…)', accepts: isObject },
      'a list of fields',
    ),
  ),
  kernels: orAbsent({
    allowed: "a URL: write new URL('./kernels.ts', import.meta.url)",
    accepts: (value) => value instanceof URL,
  }),
  metrics: orAbsent(
    listOf(
      { allowed: 'a metric, such as ownMetric.counter(…)', accepts: isObject },
      'a list of metrics',
    ),
  ),
  testModels: orAbsent({
    allowed: "an object, such as { 'Mine:1': { input, predict } }",
    accepts: isObject,
  }),
  queueOf: orAbsent(A_FUNCTION),
};

const WORK: Rules = {
  ...COMMON,
  pipeline: STAGES,
  models: orAbsent({ ...A_FUNCTION, allowed: 'a function that returns a list' }),
};

const PARENT: Rules = {
  ...COMMON,
  split: STAGES,
  join: STAGES,
  wakeOnFailure: orAbsent({
    allowed: 'true or false',
    accepts: (value) => typeof value === 'boolean',
  }),
};

/**
 * What keeps a value from being a workflow, a sentence each. The compiler says the same of TypeScript;
 * this is for authors who write JavaScript, and for types that are stripped.
 */
export function workflowShapeProblems(value: unknown): string[] {
  if (!isObject(value)) {
    return [
      `Its default export is ${whatIs(value)}, but must be a workflow: defineWorkflow({ … }).`,
    ];
  }
  const isParent = 'split' in value || 'join' in value;
  const name = value['name'];
  const title = typeof name === 'string' ? `Workflow "${name}"` : 'The workflow';
  return [
    ...kindProblems(value, isParent),
    ...settingProblems(value['settings']),
    ...fieldProblems(value['fields']),
    ...metricProblems(value['metrics']),
    ...testModelProblems(value['testModels']),
  ].map((problem) => `${title}: ${problem}`);
}

function kindProblems(value: Readonly<Record<string, unknown>>, isParent: boolean): string[] {
  const { pipeline, ...rest } = value;
  if (!isParent || pipeline === undefined) {
    return memberProblems(value, isParent ? PARENT : WORK, 'a workflow');
  }
  const both = 'It has a pipeline, and split or join; keep the pipeline, or both of the others.';
  return [both, ...memberProblems(rest, PARENT, 'a workflow')];
}

/** Each setting must be one that `setting` makes, and have a variable of its own. */
function settingProblems(settings: unknown): string[] {
  if (!isObject(settings)) return [];
  const all = Object.entries(settings);
  const names = all.flatMap(([, one]) => (isSetting(one) ? [one.name] : []));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return [
    ...all.flatMap(([key, one]) => {
      if (isSetting(one)) return [...nameProblems(one.name), ...fallbackProblems(one)];
      const example = `setting.text('${key.toUpperCase()}', …)`;
      return [`settings.${key} is ${whatIs(one)}, but must be a setting, such as ${example}.`];
    }),
    ...new Set(twice.map((name) => `Two of its settings are called ${name}.`)),
  ];
}

function nameProblems(name: string): string[] {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
    return [`The setting "${name}" is no name of a variable: write capitals, digits and _.`];
  }
  return name.endsWith('_CONCURRENCY')
    ? [`The setting ${name} is the number of places in a stage already; call it something else.`]
    : [];
}

/** A default is not read from text, so that nothing else looks at it. An empty text stands for none. */
function fallbackProblems({ name, fallback, parse, allowed }: Setting<unknown>): string[] {
  const isPlain = ['number', 'string', 'boolean'].includes(typeof fallback) && fallback !== '';
  if (!isPlain || parse(String(fallback)) !== undefined) return [];
  return [`The setting ${name} has the default "${String(fallback)}", but must be ${allowed}.`];
}

function isSetting(value: unknown): value is Setting<unknown> {
  if (!isObject(value)) return false;
  const { name, parse, aliases } = value;
  return typeof name === 'string' && typeof parse === 'function' && Array.isArray(aliases);
}
