import { METRICS } from '../src/telemetry/catalogue.ts';
import type { Metric } from '../src/telemetry/metric.ts';

/* How many consumers there are to be: the same numbers make the manifests and the simulation. */

/** Consumers at least while there is work, and at most. */
export const REPLICAS = { least: 0, most: 40 };

/** Share of its threads that a consumer is to keep busy. The rest is for bursts while another one starts. */
export const BUSY_TARGET = 0.7;

/** Jobs that a consumer holds at a time: JOBS_IN_FLIGHT. */
export const JOBS_IN_FLIGHT = 32;

/** How often the autoscaler looks, how long it waits before it removes consumers, and how fast it may add them. */
export const PACE = {
  pollSeconds: 15,
  cooldownSeconds: 300,
  shrinkAfterSeconds: 300,
  growthFactor: 2,
  growthPods: 4,
  growthPeriodSeconds: 60,
};

/**
 * The load of the consumers of a queue, in consumers: what their threads are busy with, but never less than what the jobs
 * that they hold keep occupied. The second part holds the consumers while the model servers are away: threads idle then,
 * and removing consumers would take their jobs from them.
 */
export function loadExpression(queue: string): string {
  const series = ({ name }: Metric): string => `${name}{queue="${queue}"}`;
  const busy = `sum(avg_over_time(${series(METRICS.threadsBusy)}[1m]) / ${series(METRICS.threads)})`;
  const held = `${BUSY_TARGET} * sum(${series(METRICS.jobsInFlight)} / ${series(METRICS.jobsCapacity)})`;
  return `max(label_replace(${busy}, "of", "threads", "", "") or label_replace(${held}, "of", "jobs", "", ""))`;
}

/** The same in numbers: how many consumers there should be. */
export function wantedConsumers(load: {
  readonly busyThreads: number;
  readonly heldJobs: number;
  readonly waitingJobs: number;
}): number {
  const held = (BUSY_TARGET * load.heldJobs) / JOBS_IN_FLIGHT;
  const wanted = Math.ceil(Math.max(load.busyThreads, held) / BUSY_TARGET - 1e-9);
  const awake = load.waitingJobs + load.heldJobs > 0 ? 1 : 0;
  return Math.min(Math.max(wanted, awake, REPLICAS.least), REPLICAS.most);
}
