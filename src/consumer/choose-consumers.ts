import { didYouMean } from '../config/nearest.ts';
import type { Workflow } from '../flow/workflow.ts';

/** Serves the kinds of job that are no workflow here. */
const PYTHON_IMAGE = 'vanvalenlab/kiosk-redis-consumer:0.17.2';

/** A workflow and the queue that it is to serve in this process. */
export interface Consumer {
  readonly workflow: Workflow;
  /** What the environment calls the queue. */
  readonly base: string;
  /** The list that jobs are taken from: another one for a workflow that says so, as zip does. */
  readonly queue: string;
}

/** The settings that say what to do. */
interface Task {
  readonly consumers: readonly string[];
  readonly consumerType: string;
  readonly queue: string;
}

/** What the environment asks for, before it is known whether there is such a workflow. */
interface Wanted {
  readonly variable: string;
  readonly workflow: string;
  /** Undefined: the queue has the name of the workflow. */
  readonly base: string | undefined;
}

export const namesOf = ({ name, aliases = [] }: Workflow): string[] => [name, ...aliases];

/**
 * The workflows that CONSUMERS names, by their names or older ones, with their queues; the one of
 * CONSUMER_TYPE and QUEUE if it names none. What is wrong is added to `problems`.
 */
export function chooseConsumers(
  core: Task,
  workflows: readonly Workflow[],
  problems: string[],
): readonly Consumer[] {
  const { consumerType: workflow, queue: base } = core;
  const single = { variable: 'CONSUMER_TYPE', workflow, base };
  const wanted = core.consumers.length === 0 ? [single] : core.consumers.map(readEntry);
  const chosen = wanted.flatMap((one) => choose(one, workflows, problems) ?? []);
  const lists = chosen.map(({ queue }) => queue);
  const shared = new Set(lists.filter((queue, at) => lists.indexOf(queue) !== at));
  for (const queue of shared) {
    problems.push(`CONSUMERS names the queue "${queue}" twice; a queue has one workflow.`);
  }
  return chosen;
}

/** `WORKFLOW` or `WORKFLOW:QUEUE`. */
function readEntry(entry: string): Wanted {
  const [workflow = '', ...rest] = entry.split(':');
  const base = rest.length === 0 ? undefined : rest.join(':').trim();
  return { variable: 'CONSUMERS', workflow: workflow.trim(), base };
}

function choose(
  { variable, workflow: written, base: named }: Wanted,
  workflows: readonly Workflow[],
  problems: string[],
): Consumer | undefined {
  const name = written.toLowerCase();
  const workflow = workflows.find((one) => namesOf(one).includes(name));
  if (workflow === undefined) {
    problems.push(refusal(variable, written, workflows.flatMap(namesOf)));
    return undefined;
  }
  if (named === '' || (named === undefined && workflow.queueOf !== undefined)) {
    const example = `${name}:segmentation`;
    problems.push(`CONSUMERS does not say which queue "${name}" is for; write, say, ${example}.`);
    return undefined;
  }
  const base = (named ?? name).toLowerCase();
  return { workflow, base, queue: workflow.queueOf?.(base) ?? base };
}

function refusal(variable: string, written: string, names: readonly string[]): string {
  const hint =
    didYouMean(written.toLowerCase(), names) ||
    ` Leave a queue of any other kind to the Python consumer, ${PYTHON_IMAGE}.`;
  const all = names.join(', ');
  return variable === 'CONSUMERS'
    ? `CONSUMERS names the workflow "${written}", which does not exist; there are ${all}.${hint}`
    : `${variable} is "${written}", but must be one of ${all}.${hint}`;
}
