import assert from 'node:assert/strict';
import { createServer } from 'node:http2';
import { describe, test, type TestContext } from 'node:test';
import { CallFailure } from '../../src/stand-in-server/call-failure.ts';
import type { Fault } from '../../src/stand-in-server/faults.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import { status } from '@grpc/grpc-js';
import { RealClient } from '../adapters/model-server/real-client.ts';
import { double } from '../stand-in-server/sample-models.ts';

/* A model server that answers every prediction with an internal error answers fastest, and must not swallow the queue. */

const LAUNCH_FAILURE: Fault = {
  type: 'error',
  status: 'INTERNAL',
  details: 'cuDNN launch failure : input shape ([8,64,256,256])',
};

async function start(context: TestContext, model: ServedModel = double) {
  const server = await startModelServer({ models: [model] });
  context.after(() => server.close());
  return server;
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('one of two model servers fails inside', () => {
  test('no job fails, and the sick server is taken out of use, then back', async (context) => {
    const [sick, well] = [await start(context), await start(context)];
    sick.script([LAUNCH_FAILURE]);
    const client = new RealClient(context, { lookUp: async () => [sick.port, well.port] });
    const down = client.next((fact) => fact.type === 'model changed' && fact.state === 'down');
    const results = await Promise.all(
      numbered(200).map((job) => client.double(`${job}`, [job, 1])),
    );
    for (const [job, result] of results.entries()) assert.deepEqual(result, [2 * job, 2]);
    await down;
    assert.ok(sick.figures().failed < 20, `${sick.figures().failed} calls to the sick server`);
    assert.equal(client.client.problem(), undefined);
    sick.script([]);
    await client.next((fact) => fact.type === 'model changed' && fact.state === 'up');
    const before = sick.figures().answered;
    await Promise.all(numbered(50).map((job) => client.double(`${job}`, numbered(40))));
    assert.ok(sick.figures().answered > before);
  });

  test('a proxy that answers HTTP 500 in place of the server is no different', async (context) => {
    const proxy = createServer((_request, reply) => {
      reply.writeHead(500, { 'content-type': 'text/html' });
      reply.end('<html>Internal Server Error</html>');
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
    context.after(() => proxy.close());
    const address = proxy.address();
    assert.ok(address !== null && typeof address === 'object');
    const well = await start(context);
    const client = new RealClient(context, { lookUp: async () => [address.port, well.port] });
    const results = await Promise.all(numbered(50).map((job) => client.double(`${job}`, [job])));
    for (const [job, result] of results.entries()) assert.deepEqual(result, [2 * job]);
  });
});

describe('all model servers fail inside', () => {
  test('jobs wait, and none fails', async (context) => {
    const servers = [await start(context), await start(context)];
    for (const server of servers) server.script([LAUNCH_FAILURE]);
    const client = new RealClient(context, { lookUp: async () => servers.map(({ port }) => port) });
    const jobs = numbered(20).map((job) => client.double(`${job}`, [job]));
    // On a busy machine the breaker may open before, for connections that take too long.
    const isSick = (): boolean =>
      /^Double:3 works on no model server: .*cuDNN/.test(client.client.problem() ?? '');
    await client.next(isSick);
    for (const server of servers) server.script([]);
    for (const [job, result] of (await Promise.all(jobs)).entries())
      assert.deepEqual(result, [2 * job]);
  });
});

describe('one job makes every server fail', () => {
  test('it fails with the reason, and the others are done', async (context) => {
    const fragile: ServedModel = {
      ...double,
      predict(inputs) {
        if (inputs.get('image')?.data.includes(13))
          throw new CallFailure(status.INTERNAL, 'CUDA error: device-side assert triggered');
        return double.predict(inputs);
      },
    };
    const servers = [await start(context, fragile), await start(context, fragile)];
    const client = new RealClient(context, { lookUp: async () => servers.map(({ port }) => port) });
    const bad = client.double('bad', [12, 13, 14]);
    const good = await Promise.all(numbered(12).map((job) => client.double(`${job}`, [1, 2, 3])));
    for (const result of good) assert.deepEqual(result, [2, 4, 6]);
    assert.equal(await bad, 'model_rejected');
    assert.deepEqual(await client.double('later', [1]), [2]);
  });
});
