import { ERROR_CATALOGUE } from '../../errors.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';

/** Codes of errors that fail a job. */
const FAILURES = Object.entries(ERROR_CATALOGUE)
  .filter(([, { kind }]) => kind !== 'fatal' && kind !== 'cancelled')
  .map(([code]) => code);

/**
 * Shows counters before they count for the first time: Prometheus sees an increase only between two values, so an error
 * whose series begins at 1 would be missed by every rate and every alert.
 */
export function initializeMetrics(recorders: Iterable<Recorder>, stages: Iterable<string>): void {
  const names = [...stages];
  for (const recorder of recorders) initializeOf(recorder, names);
}

function initializeOf(recorder: Recorder, stages: readonly string[]): void {
  for (const outcome of ['done', 'dropped']) recorder.add(METRICS.jobs, { outcome, code: '' }, 0);
  for (const code of ['shutting_down', 'remote_outage'])
    recorder.add(METRICS.jobs, { outcome: 'returned', code }, 0);
  for (const code of ['shutting_down', 'redis_unreachable'])
    recorder.add(METRICS.jobs, { outcome: 'abandoned', code }, 0);
  for (const code of FAILURES) recorder.add(METRICS.jobs, { outcome: 'failed', code }, 0);
  for (const stage of stages) {
    for (const code of FAILURES) recorder.add(METRICS.stageErrors, { stage, code }, 0);
    for (const counter of [METRICS.stageBusy, METRICS.stageBlocked, METRICS.stageIdle])
      recorder.add(counter, { stage }, 0);
  }
  recorder.add(METRICS.memoryBlocked, {}, 0);
  recorder.add(METRICS.serversFull, {}, 0);
  for (const by of ['start', 'reconcile']) recorder.add(METRICS.jobsRecovered, { by }, 0);
  recorder.add(METRICS.stageRetries, { stage: 'download', code: 'bucket_unavailable' }, 0);
  recorder.add(METRICS.stageRetries, { stage: 'upload', code: 'bucket_unavailable' }, 0);
  recorder.add(METRICS.stageBytes, { stage: 'download', direction: 'in' }, 0);
  recorder.add(METRICS.stageBytes, { stage: 'upload', direction: 'out' }, 0);
  recorder.add(METRICS.intakeErrors, { code: 'redis_unreachable' }, 0);
  recorder.add(METRICS.redisWriteErrors, { code: 'redis_unreachable' }, 0);
  recorder.set(METRICS.intakePaused, {}, 0);
  recorder.set(METRICS.breakerOpen, {}, 0);
  for (const remote of ['bucket_read', 'bucket_write'])
    recorder.set(METRICS.breakerState, { remote }, 0);
}
