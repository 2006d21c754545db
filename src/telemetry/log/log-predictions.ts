import type { Logger } from 'pino';
import type { PredictFact } from '../../facts/predict.ts';
import { duration } from '../duration.ts';

type FactOf<Type extends PredictFact['type']> = Extract<PredictFact, { readonly type: Type }>;

/**
 * Writes to the log what an operator should know of the model servers: one line when predictions cease to work and one
 * when they work again; of a single server, or a model on it, only while predictions work at all. Servers that are
 * switched off while nobody needs them are no reason for a warning.
 */
export function logPredictions(log: Logger): (fact: PredictFact) => void {
  let isOut = false;
  return (fact) => {
    switch (fact.type) {
      case 'breaker changed':
        if (fact.state === 'closed' || !isOut) logBreaker(log, fact);
        isOut = fact.state !== 'closed';
        break;
      case 'endpoint changed':
        if (!isOut) logEndpoint(log, fact);
        break;
      case 'model changed':
        if (!isOut) logModel(log, fact);
        break;
      default:
        logDetail(log, fact);
    }
  };
}

function logBreaker(log: Logger, fact: FactOf<'breaker changed'>): void {
  if (fact.state === 'closed') log.info(`Predictions work again after ${duration(fact.ms)}`);
  else log[fact.unexpected === true ? 'warn' : 'info'](`${fact.reason} Predictions wait.`);
}

function logEndpoint(log: Logger, fact: FactOf<'endpoint changed'>): void {
  const { endpoint, state, ms, reason } = fact;
  if (state === 'down') {
    const level = ms === undefined ? 'info' : 'warn';
    log[level]({ endpoint }, `Model server ${endpoint} is out of use: ${reason}`);
  } else if (state === 'gone') {
    log.info({ endpoint }, `Model server ${endpoint} is no longer among the addresses`);
  } else {
    const since = ms === undefined ? '' : ` again after ${duration(ms)}`;
    log.info({ endpoint }, `Model server ${endpoint} answers${since}`);
  }
}

function logModel(log: Logger, fact: FactOf<'model changed'>): void {
  const { endpoint, model, state, ms, reason } = fact;
  if (state === 'down')
    log.warn({ endpoint, model }, `${model} is out of use on ${endpoint}: ${reason}`);
  else
    log.info(
      { endpoint, model },
      `${model} works again on ${endpoint}${ms === undefined ? '' : ` after ${duration(ms)}`}`,
    );
}

function logDetail(log: Logger, fact: PredictFact): void {
  if (fact.type === 'rows limited') {
    const { model, rows } = fact;
    log.info({ model }, `Requests to ${model} carry at most ${rows} rows from now on`);
  } else if (fact.type === 'batch failed' || fact.type === 'probe failed') {
    const { model, endpoint, code, details, message } = fact;
    log.debug({ model, endpoint, code, details }, message);
  }
}
