import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { ConnectionSettings } from '../../../../src/adapters/model-server/connection/connection-settings.ts';
import type { Endpoint } from '../../../../src/adapters/model-server/endpoint.ts';
import { KnownError } from '../../../../src/errors.ts';
import {
  startModelServer,
  type LocalModelServer,
} from '../../../../src/stand-in-server/start-model-server.ts';
import type { Clock } from '../../../../src/ports.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { TcpFaultProxy } from '../../../proxies/tcp-fault-proxy.ts';
import { double } from '../../../stand-in-server/sample-models.ts';
import { callOf, elementsOf, oneEndpoint } from '../one-endpoint.ts';

const never = new AbortController().signal;
const rows = { image: [[1, 2]] };

interface Setup {
  readonly server: LocalModelServer;
  readonly proxy: TcpFaultProxy;
  readonly endpoint: Endpoint;
}

/** A model server behind a proxy. */
async function setUp(
  context: TestContext,
  settings: Partial<ConnectionSettings>,
  clock?: Clock,
): Promise<Setup> {
  const server = await startModelServer({ models: [double], parallelBatches: 100 });
  const proxy = await TcpFaultProxy.start(server.port);
  const one = await oneEndpoint({ port: proxy.port, settings, ...(clock && { clock }) });
  context.after(async () => {
    await one[Symbol.asyncDispose]();
    await proxy.close();
    server.close();
  });
  return { server, proxy, endpoint: one.endpoint };
}

async function answers(endpoint: Endpoint): Promise<void> {
  const reply = await endpoint.send(callOf(double, rows));
  assert.deepEqual([...reply.outputs.values()].map(elementsOf), [[2, 4]]);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('a peer that falls silent', () => {
  test('accepts connections without a word: noticed, and replaced by a connection that works', async (context) => {
    const { proxy, endpoint } = await setUp(context, { connections: 1, connectMs: 500 });
    proxy.onNew = 'mute';
    await assert.rejects(endpoint.send(callOf(double, rows)), { code: 'model_server_unavailable' });
    proxy.onNew = 'forward';
    await answers(endpoint);
    assert.equal(proxy.opened, 2);
    await until(() => proxy.open === 1);
  });

  test('half-open in the middle of a call: after its deadline another connection is used', async (context) => {
    const { server, proxy, endpoint } = await setUp(context, { connections: 1 });
    await answers(endpoint);
    server.script([{ type: 'mute' }]);
    const call = endpoint.send(callOf(double, rows, { deadlineMs: 100 }));
    const failure = assert.rejects(call, { code: 'model_deadline' });
    await until(() => server.figures().underWay === 1);
    proxy.freeze();
    await failure;
    server.script([]);
    await answers(endpoint);
    assert.equal(proxy.opened, 2);
  });

  test('half-open for longer than pings take: the call ends before its deadline', async (context) => {
    const settings = { connections: 1, keepaliveMs: 50, keepaliveTimeoutMs: 50 };
    const { server, proxy, endpoint } = await setUp(context, settings);
    server.script([{ type: 'mute' }]);
    const call = endpoint.send(callOf(double, rows, { deadlineMs: 60_000 }));
    const failure = assert.rejects(call, { code: 'model_server_unavailable' });
    await until(() => server.figures().underWay === 1);
    proxy.freeze();
    await failure;
    server.script([]);
    await answers(endpoint);
  });

  test('one that is merely slow keeps its connection', async (context) => {
    const { server, proxy, endpoint } = await setUp(context, { connections: 1 });
    await answers(endpoint);
    server.script([{ type: 'slow', ms: (count) => (count > 1 ? 60_000 : 0) }]);
    const slow = callOf(
      double,
      {
        image: [
          [1, 2],
          [3, 4],
        ],
      },
      { deadlineMs: 300 },
    );
    const failure = assert.rejects(endpoint.send(slow), { code: 'model_deadline' });
    await answers(endpoint);
    await failure;
    await answers(endpoint);
    assert.equal(proxy.opened, 1);
  });
});

describe('a connection that breaks', () => {
  test('in the middle of a call', async (context) => {
    const { server, proxy, endpoint } = await setUp(context, { connections: 1 });
    server.script([{ type: 'mute' }]);
    const call = endpoint.send(callOf(double, rows));
    const failure = assert.rejects(call, { code: 'model_server_unavailable' });
    await until(() => server.figures().underWay === 1);
    proxy.cut();
    await failure;
    server.script([]);
    await answers(endpoint);
  });

  test('nobody listens: calls and probes fail at once, and succeed once the server is back', async (context) => {
    const first = await startModelServer({ models: [double] });
    const one = await oneEndpoint({ port: first.port });
    context.after(() => one[Symbol.asyncDispose]());
    const { endpoint } = one;
    await answers(endpoint);
    first.close();
    await assert.rejects(endpoint.send(callOf(double, rows)), { code: 'model_server_unavailable' });
    await assert.rejects(endpoint.probe(never), { message: /refused the connection\.$/ });
    const second = await startModelServer({ models: [double], port: first.port });
    context.after(() => second.close());
    let lives = false;
    const probe = (): Promise<void> => endpoint.probe(never).then(() => void (lives = true));
    while (!lives) {
      await probe().catch(() => undefined);
      await new Promise(setImmediate);
    }
    await answers(endpoint);
  });

  test('a probe of a server that resets connections fails', async (context) => {
    const { server, proxy, endpoint } = await setUp(context, { probeMs: 50 });
    proxy.onNew = 'reset';
    await assert.rejects(endpoint.probe(never), (error) => {
      assert.ok(error instanceof KnownError);
      assert.equal(error.kind, 'unavailable');
      return true;
    });
    assert.equal(server.figures().batches, 0);
  });
});

describe('several connections', () => {
  test('share the calls, the one with the fewest bytes under way first', async (context) => {
    const { server, proxy, endpoint } = await setUp(context, { connections: 3 });
    server.script([{ type: 'mute' }]);
    const giveUp = new AbortController();
    const reason = new KnownError('shutting_down', 'enough');
    const calls = Array.from({ length: 6 }, () =>
      assert.rejects(endpoint.send(callOf(double, rows, { signal: giveUp.signal })), reason),
    );
    await until(() => server.figures().underWay === 6);
    assert.equal(proxy.opened, 3);
    giveUp.abort(reason);
    await Promise.all(calls);
  });

  test('are renewed by age, and a call under way ends on the old one', async (context) => {
    const clock = new FakeClock();
    const { server, proxy, endpoint } = await setUp(
      context,
      { connections: 1, renewMs: 1000 },
      clock,
    );
    await answers(endpoint);
    server.script([{ type: 'slow', ms: 100 }]);
    const call = answers(endpoint);
    await until(() => server.figures().underWay === 1);
    const renewed = proxy.nextConnection();
    await clock.advance(1000);
    await renewed;
    await call;
    await until(() => proxy.open === 1);
    await answers(endpoint);
    assert.equal(proxy.opened, 2);
  });

  test('are kept when no successor can be made', async (context) => {
    const clock = new FakeClock();
    const settings = { connections: 1, renewMs: 1000, connectMs: 50 };
    const { proxy, endpoint } = await setUp(context, settings, clock);
    await answers(endpoint);
    proxy.onNew = 'mute';
    const tried = proxy.nextConnection();
    await clock.advance(1000);
    await tried;
    await until(() => proxy.open === 1);
    await answers(endpoint);
  });
});

describe('a call that is given up', () => {
  test('ends with the reason of its signal', async (context) => {
    const { server, endpoint } = await setUp(context, {});
    server.script([{ type: 'mute' }]);
    const giveUp = new AbortController();
    const reason = new KnownError('stage_timeout', 'too slow');
    const failure = assert.rejects(
      endpoint.send(callOf(double, rows, { signal: giveUp.signal })),
      reason,
    );
    await until(() => server.figures().underWay === 1);
    giveUp.abort(reason);
    await failure;
  });

  test('is not sent if its signal has fired before', async (context) => {
    const { server, endpoint } = await setUp(context, {});
    const call = endpoint.send(callOf(double, rows, { signal: AbortSignal.abort() }));
    await assert.rejects(call, { code: 'shutting_down' });
    await answers(endpoint);
    assert.equal(server.figures().batches, 1);
  });
});
