import type { Emit, Fact } from '../../facts/flow.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';
import type { StageMeters } from './stage-meter.ts';

const BREAKER_STATES = { closed: 0, 'half open': 1, open: 2 } as const;

/** Translates facts into metrics: the only place where the two meet. */
export function recordEvents(recorder: Recorder, stages: StageMeters): Emit {
  return (fact) => {
    switch (fact.type) {
      case 'stage entered':
        stages.entered(fact.stage);
        break;
      case 'stage started':
        stages.started(fact.stage);
        recorder.observe(METRICS.stageWait, { stage: fact.stage }, fact.waitedMs / 1000);
        break;
      case 'stage ended':
        stages.ended(fact.stage);
        recordStageEnd(recorder, fact);
        break;
      case 'bytes moved':
        recorder.add(
          METRICS.stageBytes,
          { stage: fact.stage, direction: fact.direction },
          fact.bytes,
        );
        break;
      case 'stage retried':
        recorder.add(METRICS.stageRetries, { stage: fact.stage, code: fact.error.code });
        break;
      default:
        recordJobs(recorder, fact);
    }
  };
}

function recordStageEnd(recorder: Recorder, fact: Extract<Fact, { type: 'stage ended' }>): void {
  const { stage, ms, error } = fact;
  recorder.observe(METRICS.stageDuration, { stage }, ms / 1000);
  if (error) recorder.add(METRICS.stageErrors, { stage, code: error.code });
}

function recordJobs(recorder: Recorder, fact: Fact): void {
  switch (fact.type) {
    case 'job started':
      if (fact.queuedMs !== undefined)
        recorder.observe(METRICS.jobQueueWait, {}, fact.queuedMs / 1000);
      break;
    case 'job ended':
      recorder.add(METRICS.jobs, { outcome: fact.outcome, code: fact.error?.code ?? '' });
      recorder.observe(METRICS.jobDuration, { outcome: fact.outcome }, fact.ms / 1000);
      break;
    case 'parents swept':
      recorder.set(METRICS.parentsParked, {}, fact.parked);
      recorder.set(METRICS.childrenOpen, {}, fact.openChildren);
      recorder.set(METRICS.parentOldest, {}, fact.oldestMs / 1000);
      recorder.set(METRICS.parentStill, {}, fact.stillMs / 1000);
      break;
    case 'jobs recovered':
      recorder.add(METRICS.jobsRecovered, { by: fact.by }, fact.keys.length);
      break;
    case 'write failed':
      recorder.add(METRICS.redisWriteErrors, { code: fact.code });
      break;
    default:
      recordIntake(recorder, fact);
  }
}

function recordIntake(recorder: Recorder, fact: Fact): void {
  if (fact.type === 'intake polled') recorder.set(METRICS.intakeLastTurn, {}, Date.now() / 1000);
  else if (fact.type === 'intake paused') recorder.set(METRICS.intakePaused, {}, 1);
  else if (fact.type === 'intake resumed') recorder.set(METRICS.intakePaused, {}, 0);
  else if (fact.type === 'breaker changed')
    recorder.set(METRICS.breakerState, { remote: fact.remote }, BREAKER_STATES[fact.state]);
  else if (fact.type === 'intake failed')
    recorder.add(METRICS.intakeErrors, { code: fact.error.code });
}
