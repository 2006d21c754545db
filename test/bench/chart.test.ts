import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartOf } from '../../bench/e2e/chart.ts';
import type { CaseResult, Report } from '../../bench/e2e/report.ts';

function result(name: string, cpuMs: number, yardstick: number | undefined): CaseResult {
  const load = {
    processes: 1,
    latencyMs: 0,
    imagesPerSecond: 5,
    jobs: 16,
    cpuMs,
    cpuQuartiles: [cpuMs, cpuMs] as const,
    peakMiB: 400,
    loopDelayMs: 20,
    stageMs: {},
    kernelMs: {},
  };
  return {
    name,
    reference: { cpuSeconds: 2, imagesPerSecond: 0.5 },
    yardstick,
    steps: {},
    loads: [load],
  };
}

function report(...cases: CaseResult[]): Report {
  return { date: '2026-01-31', commit: 'a', processor: 'p', cores: 2, node: 'v24', load: 0, cases };
}

/** Lengths of the bars, from the top. */
function lengths(svg: string): number[] {
  return Array.from(svg.matchAll(/<rect x="120" .*?width="([\d.]+)"/g), ([, width]) =>
    Number(width),
  );
}

test('the bar of a job is as much shorter than that of the reference as it takes less time', () => {
  const svg = chartOf(report(result('nuclear-1024', 300, 1.5), result('mesmer-1024', 500, 1)));
  assert.deepEqual(lengths(svg), [420, 42, 420, 105]);
  assert.match(svg, />0\.200, 10\.0 times less</);
});

test('a job whose machine could not be compared is not drawn', () => {
  const svg = chartOf(report(result('nuclear-1024', 300, undefined)));
  assert.deepEqual(lengths(svg), []);
});
