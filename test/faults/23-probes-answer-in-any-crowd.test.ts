import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { until } from '../harness/until.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

const SILENT = 600;
let deployment: Deployment;
let port: number;
let healthPort: number;
const crowd: Socket[] = [];

before(async () => {
  deployment = await Deployment.open({ models: [doubling], environment: { HEALTH_PORT: '0' } });
  port = Number(/"httpPort":(\d+)/.exec(deployment.log)?.[1]);
  healthPort = Number(/"healthPort":(\d+)/.exec(deployment.log)?.[1]);
  await until(async () => (await statusOf('/ready')) === 200);
});

after(async () => {
  for (const socket of crowd) socket.destroy();
  await deployment.close();
});

async function statusOf(path: string, at = port): Promise<number | undefined> {
  let status: number | undefined;
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    const answer = await fetch(`http://127.0.0.1:${at}${path}`, {
      signal: AbortSignal.timeout(30_000),
      headers: { connection: 'close' },
    });
    await answer.arrayBuffer();
    status = answer.status;
  });
  assert.ok(seconds < 3, `${path} took ${seconds} s`);
  return status;
}

test('more silent connections than are allowed do not keep a probe from its answer', async () => {
  for (let number = 0; number < SILENT; number++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    crowd.push(socket);
  }
  await Promise.all(crowd.map((socket) => once(socket, 'connect')));
  for (const path of ['/live', '/ready', '/startup', '/metrics']) {
    assert.equal(await statusOf(path), 200, path);
  }
});

test('the port of the probes answers probes, and nothing else', async () => {
  for (const path of ['/live', '/ready', '/startup']) {
    assert.equal(await statusOf(path, healthPort), 200, path);
  }
  for (const path of ['/', '/metrics', '/status', '/nothing']) {
    assert.equal(await statusOf(path, healthPort), 404, path);
  }
});

test('a silent connection is dropped within seven seconds', async () => {
  const silent = connect(healthPort, '127.0.0.1');
  silent.on('error', () => undefined);
  const closed = once(silent.resume(), 'close');
  const seconds = await fairSeconds(deployment.consumer.pid, () => closed);
  assert.ok(seconds < 7, `${seconds} s`);
});

test('what anybody may look at holds no key of a job, from which its result could be found', async () => {
  const secret = 'image:3f0c4a52-4d7e-4b51-9f43-7a2f9b0f8a11';
  await deployment.submit(secret, { input_file_name: 'uploads/none.tif' });
  await deployment.ended(secret);
  const answer = await fetch(`http://127.0.0.1:${port}/status`);
  const text = await answer.text();
  assert.match(text, /missing_object/);
  assert.ok(!text.includes(secret), text);
  const { errors } = JSON.parse(text) as { readonly errors: readonly { readonly id: string }[] };
  const pair = `"job":"${secret}","id":"${errors[0]?.id}"`;
  await deployment.until(async () => deployment.log.includes(pair) || undefined);
});
