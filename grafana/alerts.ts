import { METRICS } from '../src/telemetry/catalogue.ts';
import { expressionsOver } from './expressions.ts';

/** A Prometheus alert. Its runbook is docs/runbooks/<name>.md. */
export interface Alert {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  readonly expression: string;
  /** How long the expression must hold. */
  readonly lasting: string;
  /** One line; may use the labels of the expression. */
  readonly summary: string;
}

const short = expressionsOver({ selection: [], range: '5m' });
const long = expressionsOver({ selection: [], range: '1h' });
const quarter = expressionsOver({ selection: [], range: '15m' });

/** Jobs that wait longer are late: 99 of 100 are to be claimed within so many seconds. */
const PROMPT_SECONDS = 300;
const LATE_BUDGET = 0.01;
/** The budget of 30 days would be gone in 50 hours: the fast burn of Google's SRE workbook. */
const BURN = 14.4;

/** Longer than an image takes, a GPU node needs to start, and a lease to run out. */
const STILL_SECONDS = 1800;

function lateShare({ rate }: typeof short): string {
  const { name } = METRICS.jobQueueWait;
  const part = (suffix: string, ...matchers: readonly string[]): string =>
    rate({ ...METRICS.jobQueueWait, name: `${name}_${suffix}` }, ['queue'], ...matchers);
  return `1 - ${part('bucket', `le="${PROMPT_SECONDS}"`)} / ${part('count')}`;
}

/** Increase of a counter over the last quarter of an hour. */
function counted(metric: Parameters<typeof quarter.rate>[0], ...matchers: readonly string[]) {
  return `${quarter.rate(metric, ['queue'], ...matchers)} * 900`;
}

export const ALERTS: readonly Alert[] = [
  {
    name: 'KioskConsumersGone',
    severity: 'page',
    // A fleet that was scaled to 0 with an empty queue left no work behind.
    expression: 'last_over_time(kiosk:work[1h]) > 0 unless on (queue) kiosk:work',
    lasting: '5m',
    summary:
      'No consumer of {{ $labels.queue }} has been seen for five minutes; {{ $value }} jobs were there when the last one went.',
  },
  {
    name: 'KioskConsumerRestarts',
    severity: 'page',
    expression: 'changes(process_start_time_seconds{queue!=""}[30m]) > 2',
    lasting: '0m',
    summary: '{{ $labels.instance }} has started {{ $value }} times anew within half an hour.',
  },
  {
    name: 'KioskConsumerUnreachable',
    severity: 'ticket',
    expression: `up == 0 and on (job, instance) last_over_time(${METRICS.jobsCapacity.name}[1h])`,
    lasting: '5m',
    summary: 'Prometheus has had no metrics from {{ $labels.instance }} for five minutes.',
  },
  {
    name: 'KioskIntakeStalled',
    severity: 'page',
    expression: `time() - ${short.series(METRICS.intakeLastTurn)} > 60 and ${short.series(METRICS.queueDepth)} > 0 unless ${short.series(METRICS.intakePaused)} == 1`,
    lasting: '1m',
    summary:
      '{{ $labels.instance }} has not asked Redis for jobs for more than a minute, though jobs wait in {{ $labels.queue }}.',
  },
  {
    name: 'KioskModelServersDown',
    severity: 'page',
    expression: `${short.max(METRICS.breakerOpen, ['queue'])} == 1 and ${short.max(METRICS.queueDepth, ['queue'])} > 0`,
    lasting: '5m',
    summary:
      'No model server has answered the consumers of {{ $labels.queue }} for five minutes, and jobs wait.',
  },
  {
    name: 'KioskBreakerOpen',
    severity: 'page',
    expression: `${short.max(METRICS.breakerState, ['queue', 'remote'])} > 0`,
    lasting: '10m',
    summary: '{{ $labels.remote }} has served no job of {{ $labels.queue }} for ten minutes.',
  },
  {
    name: 'KioskIntakePaused',
    severity: 'ticket',
    expression: `${short.max(METRICS.intakePaused, ['queue'])} == 1`,
    lasting: '15m',
    summary:
      'Consumers of {{ $labels.queue }} have taken no jobs for a quarter of an hour because a remote is down.',
  },
  {
    name: 'KioskFailureRatioHigh',
    severity: 'ticket',
    expression: `${quarter.rate(METRICS.jobs, ['queue'], 'outcome="failed"')} / ${quarter.rate(METRICS.jobs, ['queue'], 'outcome=~"done|failed"')} > 0.2 and ${counted(METRICS.jobs, 'outcome="failed"')} > 5`,
    lasting: '5m',
    summary: '{{ $value | humanizePercentage }} of the jobs of {{ $labels.queue }} fail.',
  },
  {
    name: 'KioskInternalErrors',
    severity: 'ticket',
    expression: `${counted(METRICS.jobs, 'outcome="failed"', 'code="internal"')} > 0`,
    lasting: '0m',
    summary: 'A job of {{ $labels.queue }} failed because of a bug; the log has the stack.',
  },
  {
    name: 'KioskJobsWaitTooLong',
    severity: 'page',
    expression: `${lateShare(long)} > ${BURN * LATE_BUDGET} and ${lateShare(short)} > ${BURN * LATE_BUDGET}`,
    lasting: '2m',
    summary:
      '{{ $value | humanizePercentage }} of the jobs of {{ $labels.queue }} wait more than five minutes; the objective is 1 %.',
  },
  {
    name: 'KioskParentStandsStill',
    severity: 'ticket',
    expression: `${short.max(METRICS.parentStill, ['queue'])} > ${STILL_SECONDS}`,
    lasting: '1m',
    summary:
      'No child of a job of {{ $labels.queue }} that waits for its children has ended for {{ $value | humanizeDuration }}.',
  },
  {
    name: 'KioskSaturated',
    severity: 'ticket',
    expression: `avg by (queue) (${short.series(METRICS.saturation)}) >= 1 and ${short.max(METRICS.queueDepth, ['queue'])} > 100`,
    lasting: '30m',
    summary: 'All consumers of {{ $labels.queue }} are full, and more than 100 jobs wait.',
  },
  {
    name: 'KioskDeadLetters',
    severity: 'ticket',
    expression: `${short.max(METRICS.deadLetters, ['queue'])} > 0`,
    lasting: '0m',
    summary:
      '{{ $value }} jobs of {{ $labels.queue }} were given up because they crashed their consumers.',
  },
  {
    name: 'KioskStrandedJobs',
    severity: 'ticket',
    expression: `${counted(METRICS.jobsRecovered, 'by="reconcile"')} > 0`,
    lasting: '0m',
    summary: 'Jobs of {{ $labels.queue }} were found stranded in a processing list and given back.',
  },
  {
    name: 'KioskRedisFailing',
    severity: 'page',
    expression: `${short.rate(METRICS.intakeErrors, ['queue'])} > 0 or ${short.rate(METRICS.redisWriteErrors, ['queue'])} > 0`,
    lasting: '5m',
    summary: 'Consumers of {{ $labels.queue }} cannot use Redis.',
  },
  {
    name: 'KioskNearMemoryBudget',
    severity: 'ticket',
    // Memory fills up behind kernels that wait for threads and behind full model servers, where more of it would not help.
    expression: `${quarter.rate(METRICS.memoryBlocked, ['queue', 'instance'])} > 0.5 unless on (queue, instance) avg_over_time(${short.series(METRICS.kernelsWaiting)}[15m]) >= 1 unless on (queue, instance) ${quarter.rate(METRICS.serversFull, ['queue', 'instance'])} > 0.5`,
    lasting: '5m',
    summary:
      'Jobs of {{ $labels.instance }} waited for memory {{ $value | humanizePercentage }} of the last quarter of an hour, while compute threads and model servers were free.',
  },
  {
    name: 'KioskKernelsFailing',
    severity: 'ticket',
    expression: `${counted(METRICS.kernelErrors, 'code="internal"')} > 0`,
    lasting: '0m',
    summary: 'A kernel of {{ $labels.queue }} crashed or threw on a compute thread.',
  },
  {
    name: 'KioskEventLoopLate',
    severity: 'ticket',
    expression: 'nodejs_eventloop_lag_p99_seconds{queue!=""} > 0.25',
    lasting: '10m',
    summary: 'The event loop of {{ $labels.instance }} is {{ $value | humanizeDuration }} late.',
  },
  {
    name: 'KioskTooManySeries',
    severity: 'ticket',
    expression: `scrape_samples_scraped > 5000 and on (job, instance) ${short.series(METRICS.jobsCapacity)}`,
    lasting: '15m',
    summary:
      '{{ $labels.instance }} exposes {{ $value }} time series; probably a label has too many values.',
  },
];
