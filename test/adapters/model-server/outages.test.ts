import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import {
  startModelServer,
  type LocalModelServer,
  type LocalModelServerOptions,
} from '../../../src/stand-in-server/start-model-server.ts';
import { TcpFaultProxy } from '../../proxies/tcp-fault-proxy.ts';
import { double } from '../../stand-in-server/sample-models.ts';
import { RealClient } from './real-client.ts';

/* Scenarios R9, R10, R11 and R29 against real sockets, with time constants scaled down. */

async function startServer(
  context: TestContext,
  options: Partial<LocalModelServerOptions> = {},
): Promise<LocalModelServer> {
  const server = await startModelServer({ models: [double], ...options });
  context.after(() => server.close());
  return server;
}

async function startProxy(context: TestContext, server: LocalModelServer): Promise<TcpFaultProxy> {
  const proxy = await TcpFaultProxy.start(server.port);
  context.after(() => proxy.close());
  return proxy;
}

/** So many jobs of four rows at once, each with numbers of its own. */
async function doubleMany(client: RealClient, jobs: number): Promise<void> {
  const results = await Promise.all(
    Array.from({ length: jobs }, (_, job) => client.double(`${job}`, [job, 1, 2, 3])),
  );
  results.forEach((result, job) => assert.deepEqual(result, [2 * job, 2, 4, 6]));
}

/** Callers that ask one row after the other until told to stop; resolves to the rows that they got. */
function keepAsking(client: RealClient, callers: number) {
  let stopped = false;
  const caller = async (job: number): Promise<number> => {
    let rows = 0;
    while (!stopped) {
      assert.deepEqual(await client.double(`${job}`, [rows]), [2 * rows]);
      rows++;
    }
    return rows;
  };
  const all = Promise.all(Array.from({ length: callers }, (_, job) => caller(job)));
  return async (): Promise<number> => {
    stopped = true;
    return (await all).reduce((sum, rows) => sum + rows, 0);
  };
}

/** Resolves once the server has computed so many more batches. */
async function batches(client: RealClient, count: number): Promise<void> {
  let left = count;
  await client.next(({ type }) => type === 'batch answered' && --left === 0);
}

describe('R9: the only server is down', () => {
  test('jobs wait, none fails, and go on when it is back', async (context) => {
    const server = await startServer(context);
    const client = new RealClient(context, { lookUp: async () => [server.port] });
    await doubleMany(client, 10);
    assert.equal(client.client.problem(), undefined);
    server.close();
    const open = client.next((fact) => fact.type === 'breaker changed' && fact.state === 'open');
    const backlog = doubleMany(client, 50);
    await open;
    assert.match(client.client.problem() ?? '', /No model server answers/);
    const sent = client.facts.filter(({ type }) => type === 'batch sent').length;
    await client.next((fact) => fact.type === 'breaker changed' && fact.state === 'half open');
    await client.next((fact) => fact.type === 'breaker changed' && fact.state === 'open');
    assert.equal(client.facts.filter(({ type }) => type === 'batch sent').length, sent);
    const closed = client.next(
      (fact) => fact.type === 'breaker changed' && fact.state === 'closed',
    );
    await startServer(context, { port: server.port });
    await closed;
    await backlog;
    assert.equal(client.client.problem(), undefined);
  });
});

describe('R10: a server is mute', () => {
  test('it takes connections without a word: the other one is used', async (context) => {
    const server = await startServer(context);
    const proxy = await startProxy(context, server);
    proxy.onNew = 'mute';
    const client = new RealClient(context, { lookUp: async () => [proxy.port, server.port] });
    await doubleMany(client, 50);
    assert.equal(client.client.problem(), undefined);
  });

  test('the link breaks in the middle of calls without a sign: they are repeated elsewhere', async (context) => {
    const server = await startServer(context);
    const proxy = await startProxy(context, server);
    const client = new RealClient(context, {
      lookUp: async () => [proxy.port, server.port],
      settings: { deadlineMs: 400 },
    });
    await doubleMany(client, 20);
    proxy.freeze();
    proxy.onNew = 'mute';
    await doubleMany(client, 50);
    const late = client.facts.some(
      (fact) => fact.type === 'batch failed' && fact.code === 'model_deadline',
    );
    assert.ok(late);
  });
});

describe('R11: a server is ten times slower for a while', () => {
  test('next to nothing is sent twice, and few calls at a time', async (context) => {
    const server = await startServer(context, { parallelBatches: 2 });
    const client = new RealClient(context, { lookUp: async () => [server.port] });
    server.script([{ type: 'slow', ms: 10 }]);
    const stop = keepAsking(client, 64);
    await batches(client, 60);
    server.script([{ type: 'slow', ms: 100 }]);
    await batches(client, 20);
    assert.ok(
      server.figures().mostUnderWay <= 8,
      `${server.figures().mostUnderWay} calls at a time`,
    );
    server.script([{ type: 'slow', ms: 10 }]);
    await batches(client, 60);
    const rows = await stop();
    assert.ok(
      server.figures().rows <= 1.1 * rows,
      `${server.figures().rows} rows sent for ${rows}`,
    );
  });
});

/** Resolves once there was such a fact about each server. */
async function eachOf(
  servers: readonly LocalModelServer[],
  type: 'batch answered' | 'endpoint changed',
  client: RealClient,
): Promise<void> {
  await Promise.all(
    servers.map(({ address }) =>
      client.next((fact) => fact.type === type && fact.endpoint === address),
    ),
  );
}

describe('R29: servers come and go', () => {
  test('new ones get work, and nothing is lost with those that go', async (context) => {
    const servers = await Promise.all([1, 2, 3, 4].map(() => startServer(context)));
    for (const server of servers) server.script([{ type: 'slow', ms: 10 }]);
    let known = servers.slice(0, 1);
    const client = new RealClient(context, { lookUp: async () => known.map(({ port }) => port) });
    const stop = keepAsking(client, 200);
    await batches(client, 20);
    known = servers;
    await eachOf(servers, 'batch answered', client);
    known = servers.slice(0, 1);
    await eachOf(servers.slice(1), 'endpoint changed', client);
    servers.slice(1).forEach((server) => server.close());
    await batches(client, 20);
    assert.ok((await stop()) > 0);
    assert.equal(client.client.problem(), undefined);
  });

  test('the name is unknown for a while: jobs wait', async (context) => {
    const server = await startServer(context);
    let ports: () => number[] = () => {
      throw new Error('getaddrinfo ENOTFOUND model-servers');
    };
    const tried = Promise.withResolvers<void>();
    const client = new RealClient(context, {
      lookUp: async () => {
        tried.resolve();
        return ports();
      },
    });
    const results = doubleMany(client, 5);
    await tried.promise;
    ports = () => [server.port];
    await results;
  });
});
