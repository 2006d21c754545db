import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tfServing } from '../../src/adapters/model-server/tf-serving/protocol.ts';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import { RealClient } from '../adapters/model-server/real-client.ts';
import { double } from '../stand-in-server/sample-models.ts';

/* A server without the method that probes call answers UNIMPLEMENTED: that is an answer. */

describe('a model server without ModelService', () => {
  test('is used, and used again after an outage', async (context) => {
    const options = { models: [double], lacksMethods: [tfServing.paths.probe] };
    const server = await startModelServer(options);
    context.after(() => server.close());
    const client = new RealClient(context, { lookUp: async () => [server.port] });
    assert.deepEqual(await client.double('before', [1]), [2]);
    server.close();
    const waiting = client.double('meanwhile', [2]);
    await client.next((fact) => fact.type === 'breaker changed' && fact.state === 'open');
    assert.match(
      client.client.problem() ?? '',
      /^No model server answers: 127\.0\.0\.1:\d+ (refused|closed) the connection\.$/,
    );
    const again = await startModelServer({ ...options, port: server.port });
    context.after(() => again.close());
    assert.deepEqual(await waiting, [4]);
    assert.equal(client.client.problem(), undefined);
  });
});
