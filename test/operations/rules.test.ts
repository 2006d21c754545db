import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { ALERTS } from '../../grafana/alerts.ts';
import { type AlertCase, FIRING, HEALTHY } from './alert-cases.ts';

const promtool = (...words: string[]) => promisify(execFile)('promtool', words);
const RULES = fileURLToPath(
  new URL('../../grafana/rules/kiosk-redis-consumer.yml', import.meta.url),
);

const KIOSK_RULE = fileURLToPath(
  new URL('../../deploy/kiosk/prometheus-rule.yaml', import.meta.url),
);

/** A unit test for promtool: these series, and whether an alert fires at that moment. */
function unitTest(
  { series, at }: AlertCase,
  alert: string,
  outcome: 'fires' | 'stays quiet',
): object {
  return {
    name: alert,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    // promtool compares all labels and annotations; the count says what matters here.
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
        eval_time: at,
        exp_samples: [{ labels: '{}', value: outcome === 'fires' ? 1 : 0 }],
      },
    ],
  };
}

async function runUnitTests(tests: readonly object[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-rules-'));
  try {
    const path = join(folder, 'test.yml');
    const file = { rule_files: [RULES], evaluation_interval: '1m', tests };
    await writeFile(path, stringify(file, { lineWidth: 0 }));
    await promtool('test', 'rules', path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('promtool accepts the rules', async () => {
  await promtool('check', 'rules', RULES);
});

test('promtool accepts the rule that replaces the one of the Kiosk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-rules-'));
  try {
    // The operator hands Prometheus what stands below `spec`.
    const { spec } = parse(await readFile(KIOSK_RULE, 'utf8')) as { readonly spec: object };
    await writeFile(join(folder, 'rules.yml'), stringify(spec, { lineWidth: 0 }));
    await promtool('check', 'rules', join(folder, 'rules.yml'));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('there is a case for each alert', () => {
  assert.deepEqual(Object.keys(FIRING).toSorted(), ALERTS.map(({ name }) => name).toSorted());
});

for (const [alert, firing] of Object.entries(FIRING)) {
  test(`${alert} fires when it should, and not while all is well`, async () => {
    await runUnitTests([unitTest(firing, alert, 'fires'), unitTest(HEALTHY, alert, 'stays quiet')]);
  });
}
