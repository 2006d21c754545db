import type { PredictFact } from '../../facts/predict.ts';
import { METRICS } from '../catalogue.ts';
import type { Recorder } from '../metric.ts';

/** Translates what happens between us and the model servers into metrics. */
export function recordPredictions(recorder: Recorder): (fact: PredictFact) => void {
  return (fact) => {
    switch (fact.type) {
      case 'batch sent':
        recorder.observe(METRICS.batchRows, { model: fact.model }, fact.rows);
        recorder.observe(METRICS.batchFill, { model: fact.model }, fact.fill);
        recorder.observe(METRICS.batchWait, { model: fact.model }, fact.waitedMs / 1000);
        recorder.add(METRICS.batchBytes, { model: fact.model }, fact.bytes);
        break;
      case 'batch answered':
        recorder.observe(METRICS.batchDuration, { model: fact.model }, fact.ms / 1000);
        break;
      case 'batch failed':
        recorder.add(METRICS.batchErrors, { model: fact.model, code: fact.code });
        break;
      case 'rows repeated':
        recorder.add(METRICS.rowsRepeated, { model: fact.model, code: fact.code }, fact.rows);
        break;
      case 'limit changed':
        recorder.set(METRICS.endpointLimit, { endpoint: fact.endpoint }, fact.calls);
        break;
      case 'endpoint changed':
        recorder.set(METRICS.endpointUp, { endpoint: fact.endpoint }, fact.state === 'up' ? 1 : 0);
        break;
      case 'model changed':
        recorder.set(
          METRICS.modelUp,
          { model: fact.model, endpoint: fact.endpoint },
          fact.state === 'up' ? 1 : 0,
        );
        break;
      case 'breaker changed':
      case 'rows limited':
      case 'probe failed':
        break;
    }
  };
}

/** Whether predictions work is written for each queue: an alert combines it with the depth of the queue. */
export function recordBreaker(recorder: Recorder): (fact: PredictFact) => void {
  return (fact) => {
    if (fact.type !== 'breaker changed') return;
    recorder.set(METRICS.breakerOpen, {}, fact.state === 'closed' ? 0 : 1);
  };
}
