import type { Logger } from 'pino';
import type { PredictFact } from '../facts/predict.ts';

/** Writes to the log what an operator should know of the model servers: changes of state, not calls. */
export function logPredictions(log: Logger): (fact: PredictFact) => void {
  return (fact) => {
    if (fact.type === 'breaker changed') {
      if (fact.state === 'closed') log.info('A model server answers again');
      else if (fact.state === 'open')
        log.error(`No model server answers: ${fact.reason ?? 'no reason given'}`);
    } else if (fact.type === 'endpoint changed') {
      log.info({ endpoint: fact.endpoint }, `Model server ${fact.endpoint} is ${fact.state}`);
    } else if (fact.type === 'rows limited') {
      log.info(
        { model: fact.model },
        `Requests to ${fact.model} carry at most ${fact.rows} rows from now on`,
      );
    } else if (fact.type === 'batch failed') {
      log.debug({ model: fact.model, code: fact.code }, fact.message);
    }
  };
}
