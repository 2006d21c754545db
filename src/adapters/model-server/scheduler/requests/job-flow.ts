import type { WorkItem } from './work-item.ts';

/** What one job has waiting of one kind, in order. */
export interface JobLine {
  readonly job: string;
  readonly items: WorkItem[];
  /** Bytes served, on the scale of the queue's virtual time. */
  served: number;
}

/** The line that was served least; ties go to the one that came first. */
export function leastServed(lines: Iterable<JobLine>): JobLine | undefined {
  let least: JobLine | undefined;
  for (const line of lines) if (least === undefined || line.served < least.served) least = line;
  return least;
}
