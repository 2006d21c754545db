import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { boundConnections } from '../../src/telemetry/bound-connections.ts';

const MOST = 3;
let server: Server;
let clients: Socket[];
/** Lets the answers that wait go out. */
let release: () => void;

beforeEach(async () => {
  clients = [];
  const released = new Promise<void>((resolve) => (release = resolve));
  server = createServer(({ url }, response) => {
    if (url === '/slow') void released.then(() => response.end('slow'));
    else response.end('quick');
  });
  boundConnections(server, MOST);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  for (const client of clients) client.destroy();
  server.close();
});

async function arrive(): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  client.on('error', () => undefined);
  clients.push(client);
  const [seen] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  assert.ok(seen);
  return client;
}

function ask(client: Socket, path: string): void {
  client.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
}

test('one more than may be: the one that has been silent longest makes room', async () => {
  const [first, second, third] = [await arrive(), await arrive(), await arrive()];
  const [closed] = [once(first, 'close'), await arrive()];
  await closed;
  ask(second, '/');
  await once(second, 'data');
  assert.deepEqual([second.destroyed, third.destroyed], [false, false]);
});

test('one that waits for its answer is kept; when all do, the new one is dropped', async () => {
  const asking = [await arrive(), await arrive(), await arrive()];
  for (const client of asking) {
    ask(client, '/slow');
    await once(server, 'request');
  }
  const late = await arrive();
  await once(late, 'close');
  release();
  for (const client of asking) await once(client, 'data');
});

test('after its answer a connection counts as silent again', async () => {
  const first = await arrive();
  ask(first, '/');
  await once(first, 'data');
  const second = await arrive();
  await arrive();
  const closed = Promise.race([once(first, 'close'), once(second, 'close')]);
  await arrive();
  await closed;
  assert.deepEqual([first.destroyed, second.destroyed], [true, false]);
});
