import { isFinished } from '../../../job/job.ts';
import type { JobFields } from '../../../ports.ts';

/** What has become of the jobs that a job is made of. */
export interface Parts {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
}

/** The parts of a job that is not finished; none before it has said how many there are, as the original's never do. */
export function partsOf(fields: JobFields): Parts | undefined {
  const [total = NaN, done = 0, failed = 0] = ['total', 'done', 'failed'].map((name) => {
    const text = fields[`children:${name}`];
    return text === undefined ? undefined : Number(text);
  });
  if (isFinished(fields) || !(total > 0)) return undefined;
  return { done, failed, total };
}

/** Failures shown of one archive at most. */
const FAILURES_SHOWN = 5;

/** The field `failures`, jobs and reasons encoded as a query, as people read it: how many, and the first of them. */
export function reasonsOf(failures: string): string {
  const all = [...new URLSearchParams(failures)].map(([key, reason]) => `${key}: ${reason}`);
  const more = all.length > FAILURES_SHOWN ? [`and ${all.length - FAILURES_SHOWN} more`] : [];
  return [`${all.length} failed`, ...all.slice(0, FAILURES_SHOWN), ...more].join('; ');
}
