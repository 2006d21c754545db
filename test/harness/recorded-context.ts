import type { Family } from '../../src/flow/family.ts';
import type { StageContext } from '../../src/flow/stage.ts';
import { sampleJob } from './job-in-flight.ts';
import { absent, stagePorts } from './stage-ports.ts';

/** What a stage knows, and what it noted and warned of. Ports that are not given must not be used. */
export function recordedContext(given: Partial<StageContext> = {}) {
  const notes: Record<string, string | number> = {};
  const warnings: string[] = [];
  const context: StageContext = {
    ...stagePorts(),
    job: sampleJob(),
    family: absent<Family>('children'),
    limits: { maxFileBytes: 2 ** 30, maxHeight: 0, maxWidth: 0, maxFrames: 0 },
    signal: new AbortController().signal,
    note: (fields) => void Object.assign(notes, fields),
    progress: () => {},
    holds: () => {},
    moved: () => {},
    persist: (_, attempt) => attempt(),
    warn: (message) => void warnings.push(message),
    ...given,
  };
  return { context, notes, warnings };
}
