import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { ServedModel } from '../../../src/stand-in-server/served-model.ts';
import { invalid } from '../../../src/stand-in-server/call-failure.ts';
import { startModelServer } from '../../../src/stand-in-server/start-model-server.ts';
import { double } from '../../stand-in-server/sample-models.ts';
import { RealClient } from './real-client.ts';

/* Scenario R12: what a server refuses, over real sockets. */

interface Setup {
  readonly model?: ServedModel;
  readonly maxBatchSize?: number;
  readonly queuedBatches?: number;
  readonly parallelBatches?: number;
}

async function setUp(context: TestContext, { model = double, ...options }: Setup = {}) {
  const server = await startModelServer({ models: [model], ...options });
  context.after(() => server.close());
  return { server, client: new RealClient(context, { lookUp: async () => [server.port] }) };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function doubled(count: number): number[] {
  return numbers(count).map((number) => 2 * number);
}

describe('R12: a server refuses', () => {
  test('its queue is full: rows are repeated, and fewer calls sent', async (context) => {
    const { server, client } = await setUp(context, { parallelBatches: 1, queuedBatches: 0 });
    server.script([{ type: 'slow', ms: 5 }]);
    const results = await Promise.all(
      numbers(5).map((job) => client.double(`${job}`, numbers(100))),
    );
    for (const result of results) assert.deepEqual(result, doubled(100));
    const refused = client.facts.some(
      (fact) => fact.type === 'batch failed' && fact.code === 'model_server_overloaded',
    );
    assert.ok(refused);
    assert.equal(client.client.problem(), undefined);
  });

  test('its memory is full: batches are halved until they fit', async (context) => {
    const { server, client } = await setUp(context);
    server.script([{ type: 'out of memory', aboveRows: 5 }]);
    assert.deepEqual(await client.double('job', numbers(60)), doubled(60));
    const limits = client.facts.flatMap((fact) =>
      fact.type === 'rows limited' ? [fact.rows] : [],
    );
    assert.ok(Math.min(...limits) <= 5);
  });

  test('it takes fewer rows than we thought: learned from its words', async (context) => {
    const { server, client } = await setUp(context, { maxBatchSize: 7 });
    assert.deepEqual(await client.double('job', numbers(60)), doubled(60));
    assert.equal(server.figures().largestBatch, 7);
    assert.ok(client.facts.some((fact) => fact.type === 'rows limited' && fact.rows === 7));
  });

  test('one row is bad: only its job fails', async (context) => {
    const picky: ServedModel = {
      ...double,
      predict(inputs) {
        if (inputs.get('image')?.data.includes(13)) throw invalid('13 brings bad luck');
        return double.predict(inputs);
      },
    };
    const { client } = await setUp(context, { model: picky });
    const good = numbers(12).map((job) => client.double(`${job}`, [1, 2, 3]));
    const bad = client.double('bad', [12, 13, 14]);
    assert.equal(await bad, 'model_rejected');
    for (const result of await Promise.all(good)) assert.deepEqual(result, [2, 4, 6]);
  });

  test('its model is gone: the job fails after one look', async (context) => {
    const { client } = await setUp(context, { model: { ...double, version: 99 } });
    assert.equal(await client.double('job', [1]), 'unknown_model');
  });

  test('its model is being replaced: the job waits', async (context) => {
    const { server, client } = await setUp(context);
    server.script([
      { type: 'error', status: 'NOT_FOUND', details: 'Servable not found', times: 1 },
    ]);
    assert.deepEqual(await client.double('job', [1, 2]), [2, 4]);
  });
});
