/* Runs in a thread of its own, as Prometheus runs on a machine of its own: asks for /metrics and tells how long each took. */
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { parentPort, workerData } from 'node:worker_threads';

// scrapeMetrics starts this module.
const { port, scrapes } = workerData as { readonly port: number; readonly scrapes: number };

/** One scrape over a new connection. */
function scrape(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/metrics', agent: false }, (response) => {
      buffer(response).then(resolve, reject);
    })
      .once('error', reject)
      .end();
  });
}

const durations: number[] = [];
let page: Buffer = Buffer.alloc(0);
for (let count = 0; count < scrapes; count++) {
  const start = performance.now();
  page = await scrape();
  durations.push(performance.now() - start);
}
parentPort?.postMessage({ durations, page: page.toString() });
