import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import { RealClient } from '../adapters/model-server/real-client.ts';
import { double, echo } from '../stand-in-server/sample-models.ts';

/* In the Kiosk only model servers that started after a model was uploaded know it. */

describe('only one of two servers has the model', () => {
  test('jobs are done there, and the other is asked next to never', async (context) => {
    const old = await startModelServer({ models: [echo] });
    const young = await startModelServer({ models: [echo, double] });
    for (const server of [old, young]) context.after(() => server.close());
    const client = new RealClient(context, { lookUp: async () => [old.port, young.port] });
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, job) => client.double(`${job}`, [job, 1])),
    );
    for (const [job, result] of results.entries()) assert.deepEqual(result, [2 * job, 2]);
    const refused = client.facts.filter(
      (fact) => fact.type === 'batch failed' && fact.code === 'unknown_model',
    );
    assert.ok(refused.length <= 4, `${refused.length} calls to the server without the model`);
    assert.equal(young.figures().answered, young.figures().batches);
  });

  test('a model that no server has fails the job', async (context) => {
    const servers = [
      await startModelServer({ models: [echo] }),
      await startModelServer({ models: [echo] }),
    ];
    for (const server of servers) context.after(() => server.close());
    const client = new RealClient(context, { lookUp: async () => servers.map(({ port }) => port) });
    assert.equal(await client.double('job', [1]), 'unknown_model');
    assert.equal(client.client.problem(), undefined);
  });
});
