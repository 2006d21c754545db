import type { Job } from '../../../src/job/job.ts';
import type { StageContext } from '../../../src/flow/stage.ts';
import { sampleJob } from './job-in-flight.ts';
import { noObjects } from '../ended-children.ts';
import { absent, stagePorts } from './stage-ports.ts';

/** What a stage said while it ran. */
export interface Said {
  readonly context: StageContext;
  readonly notes: Record<string, string | number>;
  readonly warnings: string[];
  readonly progress: number[];
  readonly moved: { in: number; out: number };
}

interface Given extends Partial<Omit<StageContext, 'job'>> {
  readonly job?: Partial<Job>;
}

/** A context for a stage that runs by itself: ports that must not be used except those given, and room for everything. */
export function stageContext({ job, ...given }: Given = {}): Said {
  const notes: Record<string, string | number> = {};
  const warnings: string[] = [];
  const progress: number[] = [];
  const moved = { in: 0, out: 0 };
  const context: StageContext = {
    ...stagePorts(),
    job: sampleJob(job),
    family: Object.assign(Object.create(absent('children')) as StageContext['family'], noObjects),
    limits: { maxFileBytes: 2 ** 30, maxHeight: 2048, maxWidth: 2048, maxFrames: 60 },
    signal: new AbortController().signal,
    note: (fields) => void Object.assign(notes, fields),
    flush: async (fields) => void Object.assign(notes, fields),
    progress: (done) => void progress.push(done),
    reserve: async () => () => undefined,
    tryReserve: () => () => undefined,
    moved: (direction, bytes) => void (moved[direction] += bytes),
    persist: (_, attempt) => attempt(),
    record: () => undefined,
    warn: (message) => void warnings.push(message),
    ...given,
  };
  return { context, notes, warnings, progress, moved };
}

/** What a plan notes besides how it understood its image. */
export function besidesInput(notes: Said['notes']): Said['notes'] {
  return Object.fromEntries(Object.entries(notes).filter(([name]) => name !== 'input'));
}
