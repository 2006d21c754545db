import { LOOP_MS } from '../../src/telemetry/telemetry.ts';
import type { Consumer } from '../harness/deployment.ts';

/** Seconds by stage or kernel. */
export type Sums = Readonly<Record<string, number>>;

export interface Metrics {
  readonly stages: Sums;
  readonly kernels: Sums;
  /**
   * The 99th percentile of the delay of the event loop since the last look, in seconds; the worst of the processes. Without the interval
   * at which it is measured, which the metric includes.
   */
  readonly loopDelay: number;
}

/** What the consumers say of themselves, together. */
export async function readMetrics(consumers: readonly Consumer[]): Promise<Metrics> {
  const texts = await Promise.all(consumers.map(({ process }) => process.metrics()));
  const read = (name: string, label: string): Sums => {
    const sums: Record<string, number> = {};
    const line = new RegExp(`^${name}\\{[^}]*${label}="([^"]+)"[^}]*\\} (\\S+)$`, 'gm');
    for (const [, key = '', value] of texts.join('\n').matchAll(line)) {
      sums[key] = (sums[key] ?? 0) + Number(value);
    }
    return sums;
  };
  const delays = texts.map(
    (text) => /^nodejs_eventloop_lag_p99_seconds\S* (\S+)$/m.exec(text)?.[1],
  );
  return {
    stages: read('\\w*stage_duration_seconds_sum', 'stage'),
    kernels: read('\\w*kernel_duration_seconds_sum', 'kernel'),
    loopDelay: Math.max(...delays.map(Number)) - LOOP_MS / 1000,
  };
}

/** What was added since, times a factor. */
export function difference(now: Sums, earlier: Sums, factor: number): Sums {
  return Object.fromEntries(
    Object.entries(now).map(([key, value]) => [key, factor * (value - (earlier[key] ?? 0))]),
  );
}
