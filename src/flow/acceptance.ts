import { kindAndMessageOf } from '../error-message.ts';
import { KnownError } from '../errors.ts';
import type { JobField } from '../job/job-field.ts';
import type { Job } from '../job/job.ts';
import type { Workflow } from './workflow.ts';

/** Characters of a value that a message repeats. */
const LONGEST = 60;

/**
 * Whether a workflow of an author can work on a job. Throws `invalid_job` if a field that the workflow declares is not
 * what it allows, and `bad_workflow` if a function of the author throws.
 */
export function acceptanceOf({
  accepts,
  fields = [],
}: Pick<Workflow, 'accepts' | 'fields'>): Workflow['accepts'] {
  return (job) => {
    const accepted = asked('accepts', () => accepts(job));
    if (accepted) for (const field of fields) requireAllowed(field, job);
    return accepted;
  };
}

/** A field that is empty is not set, as the web page leaves those that nobody filled in. */
function requireAllowed({ name, allowed, example, accepts }: JobField, { fields }: Job): void {
  const value = fields[name]?.trim() ?? '';
  if (value === '' || asked(`accepts of the field "${name}"`, () => accepts(value))) return;
  const shown = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  const message = `The field ${name} is "${shown}", but must be ${allowed}, as in ${name}=${example}.`;
  throw new KnownError('invalid_job', message);
}

function asked(what: string, ask: () => boolean): boolean {
  try {
    return ask();
  } catch (error) {
    if (error instanceof KnownError) throw error;
    const message = `The function ${what} of the workflow threw ${kindAndMessageOf(error)}`;
    throw new KnownError('bad_workflow', message, { cause: error });
  }
}
