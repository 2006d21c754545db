import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tfServing } from '../../src/adapters/model-server/tf-serving/protocol.ts';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import { RealClient } from '../adapters/model-server/real-client.ts';
import { double, echo } from '../stand-in-server/sample-models.ts';

/* A GPU that hangs while the control plane answers: predictions must wait, and no job may fail because of it. */

describe('the GPU of a model server hangs, and the server still answers questions', () => {
  test('jobs wait until a small prediction succeeds', async (context) => {
    const paths: string[] = [];
    const server = await startModelServer({
      models: [double],
      onRequest: (path) => void paths.push(path),
    });
    context.after(() => server.close());
    const client = new RealClient(context, {
      lookUp: async () => [server.port],
      settings: { deadlineMs: 100 },
    });
    server.script([{ type: 'mute' }]);
    const jobs = [1, 2, 3, 4, 5, 6, 7, 8].map((job) => client.double(`${job}`, [job, 1]));
    await client.next((fact) => fact.type === 'model changed' && fact.state === 'down');
    assert.match(
      client.client.problem() ?? '',
      /^Double:3 works on no model server: 127\.0\.0\.1:\d+ did not answer in time\.$/,
    );
    const before = paths.length;
    await client.next((fact) => fact.type === 'probe failed');
    assert.equal(paths[before], tfServing.paths.predict, 'it is probed by a prediction');
    server.script([]);
    await client.next((fact) => fact.type === 'model changed' && fact.state === 'up');
    for (const [at, result] of (await Promise.all(jobs)).entries())
      assert.deepEqual(result, [2 * (at + 1), 2]);
    assert.equal(client.client.problem(), undefined);
  });

  test('one hung model leaves the others of that server at work', async (context) => {
    const server = await startModelServer({ models: [double, echo], parallelBatches: 100 });
    context.after(() => server.close());
    const client = new RealClient(context, {
      lookUp: async () => [server.port],
      settings: { deadlineMs: 100 },
    });
    server.script([{ type: 'mute', model: 'Echo' }]);
    const waiting = client.predict('waits', echo, { x: { shape: [1, 2], data: [5, 6] } });
    await client.next((fact) => fact.type === 'model changed' && fact.state === 'down');
    assert.deepEqual(await client.double('goes on', [1, 2, 3]), [2, 4, 6]);
    assert.equal(client.client.problem(), undefined);
    server.script([]);
    const outputs = await waiting;
    assert.deepEqual([...(outputs.get('a')?.data ?? [])], [5, 6]);
  });
});
