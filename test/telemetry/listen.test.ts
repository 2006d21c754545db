import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Server, createServer, request } from 'node:http';
import { afterEach, test } from 'node:test';
import { networkInterfaces } from 'node:os';
import { listen } from '../../src/telemetry/listen.ts';

const servers: Server[] = [];

function newServer(): Server {
  const server = createServer((_, response) => response.end('hello'));
  servers.push(server);
  return server;
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function statusAt(host: string, port: number): Promise<number | undefined> {
  const asked = request({ host, port, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

/** Where this machine can be reached by itself: at ::1 too, if it has IPv6. */
function loopbacks(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return addresses.filter(({ internal }) => internal).map(({ address }) => address);
}

test('without a host it listens on IPv4 and IPv6', async () => {
  const port = await listen(newServer(), { host: undefined, port: 0, variable: 'HTTP_PORT' });
  const hosts = loopbacks();
  assert.ok(hosts.includes('127.0.0.1'), hosts.join());
  for (const host of hosts) assert.equal(await statusAt(host, port), 200, host);
});

test('with a host it listens there alone', async () => {
  const port = await listen(newServer(), { host: '127.0.0.1', port: 0, variable: 'HTTP_PORT' });
  assert.equal(await statusAt('127.0.0.1', port), 200);
  if (loopbacks().includes('::1')) await assert.rejects(statusAt('::1', port), /ECONNREFUSED/);
});

test('a port that is in use is named, with the variable to set', async () => {
  const port = await listen(newServer(), { host: '127.0.0.1', port: 0, variable: 'HTTP_PORT' });
  await assert.rejects(listen(newServer(), { host: '127.0.0.1', port, variable: 'HEALTH_PORT' }), {
    code: 'cannot_listen',
    message: `Port ${port} is in use; set HEALTH_PORT to another one, or to 0 for any free one.`,
  });
});

test('an address of another machine is named', async () => {
  const address = { host: '192.0.2.1', port: 0, variable: 'HTTP_PORT' };
  await assert.rejects(listen(newServer(), address), {
    code: 'cannot_listen',
    message:
      'HTTP_HOST is "192.0.2.1", which is no address of this machine; leave it empty for all of them.',
  });
});
