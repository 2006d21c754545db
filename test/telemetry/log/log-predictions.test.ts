import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PredictFact } from '../../../src/facts/predict.ts';
import { openLog } from '../../../src/telemetry/log/log.ts';
import { logPredictions } from '../../../src/telemetry/log/log-predictions.ts';

/** Level and text of the lines for some facts. */
function linesOf(...facts: readonly PredictFact[]): string[] {
  const lines: string[] = [];
  const log = openLog({
    level: 'INFO',
    format: 'json',
    hostName: 'host',
    queue: 'queue',
    destination: {
      write(json: string) {
        const { level, msg } = JSON.parse(json) as { level: string; msg: string };
        lines.push(`${level} ${msg}`);
      },
    },
  });
  const tell = logPredictions(log);
  for (const fact of facts) tell(fact);
  return lines;
}

const endpoint = '10.0.0.7:8500';
const model = 'NuclearSegmentation:6';
const reason = `No model server answers: ${endpoint} refused the connection.`;
const open = { type: 'breaker changed', state: 'open', ms: 1000, reason } as const;
const closed = { type: 'breaker changed', state: 'closed', ms: 720_000 } as const;
const endpointDown = {
  type: 'endpoint changed',
  state: 'down',
  endpoint,
  reason: `${endpoint} refused the connection.`,
} as const;
const endpointUp = { type: 'endpoint changed', state: 'up', endpoint, ms: 720_000 } as const;

describe('logPredictions', () => {
  it('writes one line when the only server goes, and one when it is back', () => {
    const halfOpen = { ...open, state: 'half open', unexpected: true } as const;
    const facts = [
      { ...open, unexpected: true },
      { ...endpointDown, ms: 5000 },
      halfOpen,
      { ...open, unexpected: true },
      endpointUp,
      closed,
    ];
    assert.deepEqual(linesOf(...facts), [
      `warn ${reason} Predictions wait.`,
      'info Predictions work again after 12 min',
    ]);
  });

  it('does not warn of servers that nobody needed', () => {
    assert.deepEqual(linesOf({ ...open, unexpected: false }), [`info ${reason} Predictions wait.`]);
  });

  it('tells of single servers while others answer', () => {
    const first = { type: 'endpoint changed', state: 'up', endpoint } as const;
    const facts = [first, { ...endpointDown, ms: 5000 }, endpointUp];
    assert.deepEqual(linesOf(...facts), [
      `info Model server ${endpoint} answers`,
      `warn Model server ${endpoint} is out of use: ${endpoint} refused the connection.`,
      `info Model server ${endpoint} answers again after 12 min`,
    ]);
  });

  it('tells of a model that fails on one server', () => {
    const down = {
      type: 'model changed',
      state: 'down',
      model,
      endpoint,
      reason: `${endpoint} did not answer in time.`,
    } as const;
    const up = { type: 'model changed', state: 'up', model, endpoint, ms: 45_000 } as const;
    assert.deepEqual(linesOf(down, up), [
      `warn ${model} is out of use on ${endpoint}: ${endpoint} did not answer in time.`,
      `info ${model} works again on ${endpoint} after 45 s`,
    ]);
  });

  it('keeps what gRPC says for a close look', () => {
    const details = { grpcDetails: 'Waiting for LB pick' };
    const message = `${endpoint} did not accept a connection in time.`;
    const code = 'model_server_unavailable';
    assert.deepEqual(linesOf({ type: 'probe failed', endpoint, code, message, details }), []);
  });
});
