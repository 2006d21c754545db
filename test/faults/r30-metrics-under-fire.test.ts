import assert from 'node:assert/strict';
import { get } from 'node:http';
import { type Socket, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { until } from '../harness/until.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

let deployment: Deployment;
let port: number;
let healthPort: number;
const crowd: Socket[] = [];

before(async () => {
  deployment = await Deployment.open({ models: [doubling], environment: { HEALTH_PORT: '0' } });
  port = Number(/"httpPort":(\d+)/.exec(deployment.log)?.[1]);
  healthPort = Number(/"healthPort":(\d+)/.exec(deployment.log)?.[1]);
  await until(async () => (await deployment.consumer.get('/ready')).status === 200);
});

after(async () => {
  for (const socket of crowd) socket.destroy();
  await deployment.close();
});

async function isAlive(): Promise<boolean> {
  let status: number | undefined;
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/live`, {
      signal: AbortSignal.timeout(30_000),
    });
    await answer.arrayBuffer();
    status = answer.status;
  });
  assert.ok(seconds < 3, `/live took ${seconds} s`);
  return status === 200;
}

test('R30: a thousand scrapes and a client that does not read leave probes and intake alone', async () => {
  const deaf = connect(port, '127.0.0.1');
  deaf.on('error', () => undefined);
  deaf.pause().write('GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(50));
  crowd.push(deaf);
  let scraped = 0;
  const scrapes = Array.from({ length: 1000 }, (_, number) => {
    const path = number % 10 === 0 ? `/unknown/${number}` : '/metrics';
    const asked = get({ port, host: '127.0.0.1', path, agent: false }, (response) => {
      scraped++;
      response.resume();
    });
    asked.on('error', () => undefined);
    return new Promise((resolve) => asked.once('close', resolve));
  });
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    assert.ok(await isAlive());
    await deployment.submit('image:gone', { input_file_name: 'uploads/none.tif' });
    assert.equal((await deployment.ended('image:gone'))['status'], 'failed');
  });
  assert.ok(seconds < 5, `${seconds} s`);
  await Promise.all(scrapes);
  assert.ok(scraped >= 200, `${scraped} of 1000 answered`);
});
