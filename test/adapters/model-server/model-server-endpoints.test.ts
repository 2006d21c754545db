import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUpAddresses } from '../../../src/adapters/model-server/connection/look-up.ts';
import { modelServerEndpoints } from '../../../src/adapters/model-server/model-server-endpoints.ts';
import { startModelServer } from '../../../src/stand-in-server/start-model-server.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { double } from '../../stand-in-server/sample-models.ts';
import { callOf, oneEndpoint } from './one-endpoint.ts';

const call = callOf(double, { image: [[1, 2]] });

test('from one server to four and back: each gets work while it is there, and ends what it has', async (context) => {
  const servers = await Promise.all([1, 2, 3, 4].map(() => startModelServer({ models: [double] })));
  const addresses = servers.map(({ address }) => address);
  let behindName = addresses.slice(0, 1);
  const clock = new FakeClock();
  const set = modelServerEndpoints({
    host: 'tf-serving',
    port: 8500,
    protocol: 'tfserving',
    security: { type: 'plain' },
    clock,
    lookUp: async () => behindName,
  });
  context.after(async () => {
    await set.close();
    for (const server of servers) server.close();
  });
  await clock.advance(0);
  assert.equal(set.endpoints.length, 1);

  behindName = addresses;
  await clock.advance(30_000);
  await Promise.all(set.endpoints.map((endpoint) => endpoint.send(call)));
  assert.deepEqual(
    servers.map((server) => server.figures().answered),
    [1, 1, 1, 1],
  );

  const leaving = set.endpoints[3];
  servers[3]?.script([{ type: 'slow', ms: 50 }]);
  const last = leaving?.send(call);
  behindName = addresses.slice(0, 1);
  await clock.advance(30_000);
  assert.deepEqual(
    set.endpoints.map(({ address }) => address),
    addresses.slice(0, 1),
  );
  assert.equal((await last)?.outputs.size, 1);
});

test('a signature of another name', async (context) => {
  const server = await startModelServer({ models: [{ ...double, signature: 'predict' }] });
  context.after(() => server.close());
  const { signal } = new AbortController();
  {
    await using one = await oneEndpoint({ port: server.port });
    await assert.rejects(one.endpoint.signature(double, signal), {
      message:
        'Double:3 has no signature serving_default, but predict; MODEL_SIGNATURE chooses one.',
    });
  }
  await using one = await oneEndpoint({ port: server.port, signatures: ['Double=predict'] });
  assert.equal((await one.endpoint.signature(double, signal)).inputs.length, 1);
  assert.equal((await one.endpoint.send(call)).outputs.size, 1);
});

test('the resolver of this machine', async () => {
  const addresses = await lookUpAddresses('localhost', 8500);
  assert.ok(addresses.length > 0);
  for (const address of addresses) assert.match(address, /^(127\.0\.0\.1|\[::1\]):8500$/);
});

test('a name that nobody knows', async () => {
  await assert.rejects(lookUpAddresses('tf-serving.invalid', 8500), {
    code: 'model_server_unavailable',
    message: /^The name of the model server, tf-serving\.invalid, cannot be looked up \(E/,
  });
});
