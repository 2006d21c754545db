import { didYouMean } from '../../config/nearest.ts';
import { isObject, whatIs as inWords } from './shape-rules.ts';
import { stageShapeProblems } from './stage-shape.ts';
import type { AnyStage, Pipeline } from '../stage.ts';

/** What must stand in the value after the last stage, and the stage that is usually missing if it does not. */
export interface PipelineEnd {
  readonly field: string;
  readonly hint: string;
}

/**
 * What is wrong with the order of stages, a sentence each. The compiler says the same of TypeScript with
 * types; this is for authors who write JavaScript, and for types that are stripped. After a stage that does
 * not say what it adds, fields that no stage is known to leave are taken to be there.
 */
export function pipelineProblems(built: Pipeline<unknown>, { field, hint }: PipelineEnd): string[] {
  if (!isPipeline(built)) {
    return [`Its function must return what pipeline(…) makes, but returned ${inWords(built)}.`];
  }
  const { stages } = built;
  const strangers = stages.flatMap((stage, at) =>
    isStage(stage) ? [] : [`Stage ${at + 1} is ${whatIs(stage)}`],
  );
  if (strangers.length > 0) return strangers;
  if (stages.length === 0) return ['The pipeline has no stages.'];
  const misshapen = stages.flatMap((stage) =>
    stageShapeProblems(stage).map((problem) => `Stage "${stage.name}": ${problem}`),
  );
  if (misshapen.length > 0) return misshapen;
  const problems = stages.flatMap((stage, at) =>
    (stage.needs ?? []).flatMap((needed) => {
      const before = stages.slice(0, at);
      return isLeft(needed, before) ? [] : [missing(stage, needed, { before, all: stages })];
    }),
  );
  problems.push(...doubled(stages.map(({ name }) => name)));
  return isLeft(field, stages)
    ? problems
    : [...problems, `No stage leaves "${field}", which a job must end with. ${hint}`];
}

/** Stages share places, metrics and `<STAGE>_CONCURRENCY` by their name. */
function doubled(names: readonly string[]): string[] {
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return [...new Set(twice)].map(
    (name) => `Two stages are called "${name}"; each needs a name of its own.`,
  );
}

/** Whether these stages leave a field, or may. */
function isLeft(field: string, stages: readonly AnyStage[]): boolean {
  return stages.reduce((left, { adds, frees = [] }) => {
    if (adds === undefined || adds.includes(field)) return true;
    return left && !frees.includes(field);
  }, false);
}

function missing(
  { name }: AnyStage,
  field: string,
  { before, all }: { readonly before: readonly AnyStage[]; readonly all: readonly AnyStage[] },
): string {
  const freer = before.findLast(({ frees = [] }) => frees.includes(field));
  const adder = all.find(({ adds = [] }) => adds.includes(field));
  const why =
    freer !== undefined
      ? `"${freer.name}" frees it before`
      : adder !== undefined
        ? `"${adder.name}" adds it, and comes later`
        : 'no stage adds it';
  const there = before.flatMap(({ adds = [] }) => adds);
  const hint = adder === undefined ? didYouMean(field, there) : '';
  return `Stage "${name}" needs "${field}", which is not there: ${why}.${hint}`;
}

/** Authors of JavaScript may return anything. */
function isPipeline(built: unknown): built is Pipeline<unknown> {
  return isObject(built) && Array.isArray(built['stages']);
}

function isStage(stage: unknown): stage is AnyStage {
  if (typeof stage !== 'object' || stage === null) return false;
  return 'name' in stage && 'run' in stage && typeof stage.run === 'function';
}

function whatIs(stranger: unknown): string {
  if (typeof stranger === 'function') {
    return `the function "${stranger.name}", which makes a stage: write ${stranger.name}(…).`;
  }
  return stranger === undefined || stranger === null
    ? `${stranger}; is its name imported and spelled as it is exported?`
    : `no stage: it lacks a name or "run"; stages are made by defineStage.`;
}
