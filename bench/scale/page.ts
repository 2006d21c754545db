import { benchmarkPage, table } from '../harness/benchmark-page.ts';
import type { ScaleReport } from '../scale.ts';
import type { PodsRow } from './measure-pods.ts';
import type { ProcessesRow } from './measure-processes.ts';

/** docs/benchmarks/scale.md */
export function scalePage(report: ScaleReport): Promise<string> {
  const { pods, processes } = report;
  return benchmarkPage('Scaling out', 'scale', report, [
    ...(processes ? processesPart(processes) : []),
    ...(pods ? podsPart(pods) : []),
  ]);
}

function processesPart(rows: readonly ProcessesRow[]): string[] {
  return [
    '## Processes on one machine',
    'Nuclear jobs of 512² on one queue. Redis, the S3 store and the model server share the cores: once these are busy, more processes bring nothing.',
    table(
      [
        'processes',
        'ms a call',
        'images/s',
        'CPU s an image',
        'peak MiB each',
        'commands sent',
        'executed',
      ],
      rows.map((row) => [
        row.processes,
        row.latencyMs,
        row.imagesPerSecond.toFixed(2),
        (row.cpuMs / 1000).toFixed(3),
        row.peakMiB.toFixed(0),
        row.sent.toFixed(1),
        row.executed.toFixed(1),
      ]),
    ),
  ];
}

function podsPart(rows: readonly PodsRow[]): string[] {
  return [
    '## Pods on one Redis',
    'Simulated pods, which say to a real Redis (append-only file, flushed each second) what consumers say, and sleep for a second where these work on an image. Steady: 50 jobs a second. Burst: four jobs a pod at once, until all are claimed. Failover: Redis is killed for five seconds in the middle of twelve jobs a pod (three seconds of work); from its start until all are done.',
    table(
      [
        'pods',
        'connections',
        'idle commands/s',
        'CPU %',
        'steady commands/s',
        'CPU %',
        'to claim p50 ms',
        'p99',
        'burst s',
        'failover s',
        'lost',
        'simulation CPU %',
      ],
      rows.map((row) => [
        row.pods,
        row.connections,
        row.idle.commandsPerSecond.toFixed(0),
        row.idle.cpuPercent.toFixed(1),
        row.steady.commandsPerSecond.toFixed(0),
        row.steady.cpuPercent.toFixed(1),
        row.queuedMs.p50.toFixed(0),
        row.queuedMs.p99.toFixed(0),
        row.burstSeconds.toFixed(1),
        row.failoverSeconds.toFixed(1),
        row.lost,
        row.simulationPercent.toFixed(0),
      ]),
    ),
    ...limits(rows),
  ];
}

/** What a Redis bears, from the largest row. */
function limits(rows: readonly PodsRow[]): string[] {
  const last = rows.at(-1);
  if (last === undefined) return [];
  const { pods, idle, steady, connections } = last;
  const perPod = idle.cpuPercent / pods;
  const perJob = Math.max(0, steady.cpuPercent - idle.cpuPercent) / STEADY_JOBS;
  const perConnection = connections / pods;
  return [
    `A pod costs Redis ${(10 * perPod).toFixed(2)} ms of processor time a second while it waits, mostly for its lease, and ${(10 * perJob).toFixed(2)} ms a job. Redis works on one core: with ${pods} pods it would be full at about ${Math.floor((100 - idle.cpuPercent) / perJob)} jobs a second, and without a job at about ${Math.floor(100 / perPod)} pods. Each pod holds ${perConnection.toFixed(1)} connections: the usual \`maxclients\` of 10,000 is enough for ${Math.floor(10_000 / perConnection)} pods.`,
  ];
}

const STEADY_JOBS = 50;
