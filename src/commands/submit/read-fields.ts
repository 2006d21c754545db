import { didYouMean } from '../../config/nearest.ts';
import { KnownError } from '../../errors.ts';
import type { JobField } from '../../job/job-field.ts';
import type { Workflow } from '../../flow/workflow.ts';
import type { FieldUpdates } from '../../ports.ts';

/** Fields that say which job it is and how far; the user may not set them. */
const OURS = [
  'original_name',
  'input_file_name',
  'url',
  'status',
  'created_at',
  'updated_at',
  'identity_upload',
];

export interface FieldRequest {
  /** `NAME=VALUE` each. */
  readonly words: readonly string[];
  /** In µm, as text. */
  readonly pixelSize: string | undefined;
  /** Lower-cased, without `-zip`. */
  readonly queue: string;
  /** Whether fields and values that are not known are sent all the same; undefined where one cannot say so. */
  readonly force: boolean | undefined;
}

/**
 * The fields that a user asks for; `bad_usage` if one is not of the form NAME=VALUE, if the workflow of the
 * queue does not read it, or if its value cannot be right. Of a queue that no workflow has its name of, each
 * workflow may be the one.
 */
export function readFields(request: FieldRequest, workflows: readonly Workflow[]): FieldUpdates {
  const { words, pixelSize, queue, force } = request;
  const all = pixelSize === undefined ? words : [...words, `pixel_size=${pixelSize}`];
  const given = Object.fromEntries(all.map(readField));
  const own = workflowOf(queue, workflows);
  const check = own?.fields === undefined ? checkAny : checkFor(own.name, own.fields);
  if (force === true) return given;
  const way = force === undefined ? '' : ' --force sends it all the same.';
  for (const [name, value] of Object.entries(given)) {
    const problem = check(name, value, workflows);
    if (problem !== undefined) throw new KnownError('bad_usage', `${problem}${way}`);
  }
  return given;
}

/** The workflow whose jobs a queue has, by its name or an older one of it. */
export function workflowOf(queue: string, workflows: readonly Workflow[]): Workflow | undefined {
  return workflows.find(({ name, aliases = [] }) => [name, ...aliases].includes(queue));
}

function readField(word: string): [name: string, value: string] {
  const [, name, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || value === undefined) {
    const form = 'NAME=VALUE, as in channels=0,1';
    throw new KnownError('bad_usage', `--field is "${word}", but must be ${form}.`);
  }
  if (OURS.includes(name)) {
    throw new KnownError('bad_usage', `--field must not set ${name}: submit writes it itself.`);
  }
  return [name, value];
}

/** What is wrong with a field, if anything is. */
type Check = (name: string, value: string, workflows: readonly Workflow[]) => string | undefined;

function checkFor(workflow: string, fields: readonly JobField[]): Check {
  return (name, value, workflows) => {
    const declared = fields.find((one) => one.name === name);
    if (declared !== undefined) return problemOf(value, declared);
    const names = fields.map((one) => one.name);
    const reads = names.length > 0 ? `It reads ${names.join(', ')}.` : 'It reads none.';
    const others = workflows.filter((one) => one.fields?.some((own) => own.name === name));
    const verb = others.length > 1 ? 'do' : 'does';
    const who = others.length > 0 ? ` (${others.map((one) => one.name).join(', ')} ${verb})` : '';
    return `${workflow} does not read the field "${name}"${who}.${didYouMean(name, names)} ${reads}`;
  };
}

const checkAny: Check = (name, _value, workflows) => {
  const names = workflows.flatMap(({ fields = [] }) => fields.map((one) => one.name));
  if (names.includes(name)) return undefined;
  const known = `There are ${[...new Set(names)].join(', ')}.`;
  return `No workflow reads the field "${name}".${didYouMean(name, names)} ${known}`;
};

function problemOf(
  value: string,
  { name, allowed, example, accepts }: JobField,
): string | undefined {
  if (value.trim() === '' || accepts(value.trim())) return undefined;
  return `${name} is "${value}", but must be ${allowed}, as in ${name}=${example}.`;
}
