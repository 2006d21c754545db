import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ALERTS } from '../../grafana/alerts.ts';
import { OVERVIEW } from '../../grafana/overview.ts';
import { RECORDINGS } from '../../grafana/rules.ts';
import { STAGES } from '../../grafana/stages.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { Deployment, doubling } from '../harness/processes/consumer-process.ts';
import { Prometheus } from '../harness/processes/prometheus-process.ts';

const RULES = fileURLToPath(
  new URL('../../grafana/rules/kiosk-redis-consumer.yml', import.meta.url),
);
const PANELS = [OVERVIEW, STAGES].flatMap(({ title, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      Object.values(panel.queries).map((query) => ({
        name: `${title} / ${panel.title}`,
        query: filledIn(query),
      })),
    ),
  ),
);

/** What Grafana puts in for its variables when all is selected. */
function filledIn(query: string): string {
  return query
    .replaceAll('$queue', '.*')
    .replaceAll('$instance', '.*')
    .replaceAll('$__rate_interval', '30s');
}

describe('a Prometheus beside a consumer that has seen good and bad jobs', () => {
  let deployment: Deployment;
  let prometheus: Prometheus;

  const untilShown = (query: string): Promise<true> =>
    deployment.until(async () => (await prometheus.query(query)).length > 0 || undefined, 15_000);

  before(async () => {
    deployment = await Deployment.open({ models: [doubling] });
    const port = /"httpPort":(\d+)/.exec(deployment.log)?.[1];
    prometheus = await Prometheus.start({ targets: [`127.0.0.1:${port}`], ruleFiles: [RULES] });
    // Rates need a value from before.
    await untilShown('kiosk_jobs_capacity');
    await submit(deployment, 20);
    deployment.models.script([
      { type: 'error', status: 'RESOURCE_EXHAUSTED', details: 'queue full', times: 1 },
    ]);
    await submit(deployment, 20);
    await untilShown('rate(kiosk_jobs_total{outcome="done"}[30s]) > 0');
  });

  after(async () => {
    await prometheus.close();
    await deployment.close();
  });

  for (const { name, query } of PANELS) {
    test(`panel "${name}" shows something: ${query}`, async () => {
      await untilShown(query);
    });
  }

  for (const [record, expression] of Object.entries(RECORDINGS)) {
    test(`${record} is recorded`, async () => {
      assert.ok((await prometheus.query(expression)).length > 0);
      await untilShown(record);
    });
  }

  for (const { name, expression } of ALERTS) {
    test(`${name} is valid, and each series that it names is there`, async () => {
      await prometheus.query(expression);
      const names = new Set(expression.match(/\b(kiosk|nodejs|scrape)_\w+/g));
      for (const series of names) {
        assert.ok((await prometheus.query(series)).length > 0, series);
      }
    });
  }

  test('no alert fires for a consumer that works', async () => {
    const firing = await prometheus.query('ALERTS{alertstate="firing"}');
    assert.deepEqual(
      firing.map(({ metric }) => metric['alertname']),
      [],
    );
  });
});

/** Jobs that are done, and one whose file is missing. */
async function submit(deployment: Deployment, count: number): Promise<void> {
  const image = { shape: [64, 64], data: new Float32Array(4096).fill(1) };
  await deployment.upload('uploads/a.tif', encodeTiff(image));
  const names = Array.from({ length: count }, () => `image:${randomUUID()}`);
  for (const name of names) {
    await deployment.submit(name, {
      input_file_name: 'uploads/a.tif',
      model_name: 'Doubling',
      model_version: '1',
    });
  }
  await deployment.submit('image:bad', { input_file_name: 'uploads/none.tif' });
  await Promise.all([...names, 'image:bad'].map((name) => deployment.ended(name)));
}
