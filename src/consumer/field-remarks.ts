import { didYouMean } from '../config/nearest.ts';
import { unknownFields } from '../job/known-fields.ts';
import type { Job } from '../job/job.ts';

/** Fields that are named at most, and how much of their names. */
const MOST = 5;
const LONGEST = 60;

/**
 * What there is to say about the fields of a job: those that no workflow reads were probably meant to be
 * others. Nothing if it is not known what is read; a part of a job has the fields of the whole, which has
 * said so already.
 */
export function remarksOnFields(
  known: ReadonlySet<string> | undefined,
): (job: Job) => readonly string[] {
  if (known === undefined) return () => [];
  const names = [...known];
  return ({ fields, parent }) => {
    if (parent !== undefined) return [];
    const unknown = unknownFields(fields, known).slice(0, MOST);
    return unknown.map((name) => {
      const shown = name.slice(0, LONGEST);
      return `No workflow reads the field "${shown}" of the job.${didYouMean(shown, names)}`;
    });
  };
}
