import { benchmarkPage, table } from '../harness/benchmark-page.ts';
import { totalMs } from './limit.ts';
import { type Report, compared, listed } from './report.ts';

/** docs/benchmarks/<date>.md */
export function pageOf(report: Report): Promise<string> {
  return benchmarkPage(`Whole jobs, ${report.date}`, 'e2e', report, [
    EXPLANATION,
    table(LOAD_COLUMNS, loadRows(report)),
    '## Where the time goes',
    'Milliseconds an image, one process, 0 ms a call. Kernels run on threads: their times hold what other processes took from them.',
    table(['job', 'limit', 'kernels', 'stages'], timeRows(report)),
    ...zipsOf(report),
    ...littleOf(report),
  ]);
}

const EXPLANATION =
  'Consumers as the container image starts them, without a setting, beside a real Redis, an S3 store and a model server that all ' +
  'share these cores. CPU is user and system time of all threads of the consumers. The yardstick says how many times slower this ' +
  "machine was in the same minutes than the one of the Python consumer's figures; *divided* is by it. The limit is the time of " +
  'the kernels and codecs on the same image, on one thread, and of bare gRPC calls with as many bytes. Every archive was equal, ' +
  'byte by byte, to that of the single image.';

const LOAD_COLUMNS = [
  'job',
  'processes',
  'ms a call',
  'images/s',
  'Python',
  'CPU s',
  'quartiles',
  'yardstick',
  'divided',
  'Python',
  'times',
  '× limit',
  'peak MiB',
  'loop delay p99 ms',
];

function loadRows(report: Report): string[][] {
  return report.cases.flatMap((result) =>
    compared(result).map(({ load, cpu, cpuDivided, times, ofLimit }) => [
      result.name,
      String(load.processes),
      String(load.latencyMs),
      load.imagesPerSecond.toFixed(2),
      load.latencyMs === 0 && load.processes === 1 ? String(result.reference.imagesPerSecond) : '',
      cpu.toFixed(3),
      load.cpuQuartiles.map((ms) => (ms / 1000).toFixed(3)).join('–'),
      result.yardstick?.toFixed(2) ?? 'unknown',
      cpuDivided?.toFixed(3) ?? '',
      result.reference.cpuSeconds.toFixed(2),
      times?.toFixed(1) ?? '',
      ofLimit.toFixed(2),
      load.peakMiB.toFixed(0),
      load.loopDelayMs.toFixed(0),
    ]),
  );
}

function timeRows({ cases }: Report): string[][] {
  return cases.map(({ name, steps, loads: [load] }) => [
    name,
    listed(steps),
    listed(load?.kernelMs ?? {}),
    listed(load?.stageMs ?? {}),
  ]);
}

function zipsOf({ zips = [] }: Report): string[] {
  if (zips.length === 0) return [];
  return [
    '## Zip jobs',
    'Two consumers, one for the archives and one for their images, on a folder as bucket. The Python consumer took 9.0 s for 16 images.',
    table(
      [
        'archive',
        'seconds',
        'images/s',
        'archive CPU ms',
        'image CPU ms',
        'peaks MiB',
        'Redis calls',
      ],
      zips.map((zip) => [
        zip.what,
        zip.seconds.toFixed(1),
        (zip.members / zip.seconds).toFixed(1),
        zip.parentCpuMs.toFixed(1),
        zip.childCpuMs.toFixed(0),
        `${zip.parentPeakMiB.toFixed(0)} and ${zip.childPeakMiB.toFixed(0)}`,
        zip.redisCalls.toFixed(1),
      ]),
    ),
    'CPU and Redis calls are for each image.',
  ];
}

function littleOf({ lone, overheads = [] }: Report): string[] {
  if (lone === undefined) return [];
  return [
    '## Little to do',
    'Jobs of one nuclear image of 1024² one at a time, by the clock of Redis, and no job at all.',
    table(
      ['', 'p50', 'p99'],
      [
        ['LPUSH to started, ms', lone.startedMs.p50.toFixed(1), lone.startedMs.p99.toFixed(1)],
        ['LPUSH to done, ms', lone.doneMs.p50.toFixed(0), lone.doneMs.p99.toFixed(0)],
        ['limit of the job, ms', totalMs(lone).toFixed(0), ''],
        ['first job after the start, ms', lone.firstMs.toFixed(0), ''],
        ['start to ready, ms', lone.readyMs.toFixed(0), ''],
        ['idle, % of a core', lone.idlePercent.toFixed(2), ''],
      ],
    ),
    'Redis commands: as clients send them, where a script is one; and as Redis executes them, with those that scripts call.',
    table(
      ['job', 'CPU ms', 'commands sent', 'executed'],
      overheads.map(({ what, cpuMs, sent, executed }) => [
        what,
        cpuMs.toFixed(2),
        sent.toFixed(1),
        executed.toFixed(1),
      ]),
    ),
  ];
}
