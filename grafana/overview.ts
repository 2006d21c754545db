import { METRICS } from '../src/telemetry/catalogue.ts';
import { expressionsOver } from './expressions.ts';
import type { DashboardPlan } from './panels.ts';

const { series, sum, max, rate, quantile, mean } = expressionsOver({
  selection: ['queue=~"$queue"', 'instance=~"$instance"'],
  range: '$__rate_interval',
});

/** Metrics of every Node process, by prom-client. */
const PROCESS = {
  processor: 'process_cpu_seconds_total{queue=~"$queue",instance=~"$instance"}',
  memory: 'process_resident_memory_bytes{queue=~"$queue",instance=~"$instance"}',
  lag: 'nodejs_eventloop_lag_p99_seconds{queue=~"$queue",instance=~"$instance"}',
};
const CORES = `sum by (queue) (rate(${PROCESS.processor}[$__rate_interval]))`;
const DONE = rate(METRICS.jobs, ['queue'], 'outcome="done"');

/** The first dashboard to look at: its rows answer questions in the order in which they come up. */
export const OVERVIEW: DashboardPlan = {
  uid: 'kiosk-overview',
  title: 'Kiosk consumers: overview',
  description: 'Is it healthy? What is the bottleneck? Why? What did it cost?',
  rows: [
    {
      title: 'Is it healthy?',
      panels: [
        {
          kind: 'number',
          title: 'Consumers',
          description: 'Consumers that Prometheus reads.',
          unit: 'short',
          queries: { '{{queue}}': `count by (queue) (${series(METRICS.jobsCapacity)})` },
          span: 4,
        },
        {
          kind: 'number',
          title: 'Taking no jobs',
          description: 'Consumers that are paused because a remote is down.',
          unit: 'short',
          queries: { '{{queue}}': sum(METRICS.intakePaused, ['queue']) },
          alarming: [1, 2],
          span: 4,
        },
        {
          kind: 'number',
          title: 'Without a model server',
          description: 'Consumers that no model server answers.',
          unit: 'short',
          queries: { '{{queue}}': sum(METRICS.breakerOpen, ['queue']) },
          alarming: [1, 2],
          span: 4,
        },
        {
          kind: 'number',
          title: 'Failed',
          description: 'Share of the jobs that failed.',
          unit: 'percentunit',
          queries: {
            '{{queue}}': `${rate(METRICS.jobs, ['queue'], 'outcome="failed"')} / (${rate(METRICS.jobs, ['queue'], 'outcome=~"done|failed"')} > 0)`,
          },
          alarming: [0.05, 0.2],
          span: 4,
        },
        {
          kind: 'number',
          title: 'Since jobs were last asked for',
          description: 'Longest time since a consumer last turned to Redis for jobs.',
          unit: 's',
          queries: { '{{queue}}': `time() - min by (queue) (${series(METRICS.intakeLastTurn)})` },
          alarming: [15, 60],
          span: 4,
        },
        {
          kind: 'number',
          title: 'Time in the queue',
          description: 'Of 20 jobs, 19 waited no longer than this before they were claimed.',
          unit: 's',
          queries: { '{{queue}}': quantile(0.95, METRICS.jobQueueWait, ['queue']) },
          alarming: [60, 600],
          span: 4,
        },
        {
          kind: 'chart',
          title: 'How jobs end',
          description: 'Jobs a second, by outcome.',
          unit: 'short',
          queries: { '{{outcome}}': rate(METRICS.jobs, ['outcome']) },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Why jobs fail',
          description: 'Failed jobs a second, by code. docs/ERRORS.md tells what each means.',
          unit: 'short',
          queries: {
            '{{code}}': `${rate(METRICS.jobs, ['code'], 'outcome="failed"')} > 0 or ${rate(METRICS.jobs, ['code'], 'outcome="failed"', 'code="internal"')}`,
          },
          span: 12,
        },
      ],
    },
    {
      title: 'What is the bottleneck?',
      panels: [
        {
          kind: 'chart',
          title: 'Waiting in the queue, and held',
          description:
            'Jobs in the Redis list, jobs that consumers hold, jobs made of jobs that wait for their children, and these children.',
          unit: 'short',
          queries: {
            'waiting {{queue}}': max(METRICS.queueDepth, ['queue']),
            'held {{queue}}': sum(METRICS.jobsInFlight, ['queue']),
            'parked {{queue}}': sum(METRICS.parentsParked, ['queue']),
            'open children of {{queue}}': sum(METRICS.childrenOpen, ['queue']),
          },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'How full the consumers are',
          description:
            'Share of the places taken in the fullest stage of each consumer; at 1 more consumers help.',
          unit: 'percentunit',
          queries: { '{{instance}}': series(METRICS.saturation) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'How full each stage is',
          description: 'Jobs in a stage as a share of its places.',
          unit: 'percentunit',
          queries: {
            '{{stage}}': `${sum(METRICS.stageInFlight, ['stage'])} / ${sum(METRICS.stageCapacity, ['stage'])}`,
          },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Waiting before each stage',
          description: 'The stage with the longest line holds the others up.',
          unit: 'short',
          queries: { '{{stage}}': sum(METRICS.stageWaiting, ['stage']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Time in each stage',
          description: 'Of 20 jobs, 19 spend no longer than this in a stage.',
          unit: 's',
          queries: { '{{stage}}': quantile(0.95, METRICS.stageDuration, ['stage']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'How long do jobs made of jobs wait?',
          description:
            'The one that has waited longest for its children, and the one none of whose children has ended for longest.',
          unit: 's',
          queries: {
            'oldest {{queue}}': max(METRICS.parentOldest, ['queue']),
            'still {{queue}}': max(METRICS.parentStill, ['queue']),
          },
          span: 8,
        },
      ],
    },
    {
      title: 'Why?',
      panels: [
        {
          kind: 'chart',
          title: 'Are the model servers slow?',
          description: 'Of 20 calls, 19 take no longer than this, by model.',
          unit: 's',
          queries: { '{{model}}': quantile(0.95, METRICS.batchDuration, ['model']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Are requests full?',
          description: 'Mean share of the rows that a request may carry.',
          unit: 'percentunit',
          queries: { '{{model}}': mean(METRICS.batchFill, ['model']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'How many calls does a model server get?',
          description: 'Calls that may be in flight; it falls when answers become slow.',
          unit: 'short',
          queries: { '{{endpoint}}': sum(METRICS.endpointLimit, ['endpoint']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Are the compute threads busy?',
          description: 'Share of the threads that run a kernel.',
          unit: 'percentunit',
          queries: {
            '{{instance}}': `${series(METRICS.threadsBusy)} / ${series(METRICS.threads)}`,
          },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Is memory short?',
          description:
            'Share of BYTES_IN_FLIGHT that is reserved, and of the time in which jobs waited for it.',
          unit: 'percentunit',
          queries: {
            '{{instance}} reserved': `${series(METRICS.bytesInFlight)} / ${series(METRICS.bytesCapacity)}`,
            '{{instance}} waited for': rate(METRICS.memoryBlocked, ['instance']),
          },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Is the event loop late?',
          description: 'Delay of the event loop, 99th percentile.',
          unit: 's',
          queries: { '{{instance}}': PROCESS.lag },
          span: 8,
        },
      ],
    },
    {
      title: 'What did it cost?',
      panels: [
        {
          kind: 'chart',
          title: 'Processor cores in use',
          description: 'Of all consumers of a queue together.',
          unit: 'short',
          queries: { '{{queue}}': CORES },
          span: 6,
        },
        {
          kind: 'chart',
          title: 'Processor time of a job',
          description: 'Seconds of a core for each job that is done.',
          unit: 's',
          queries: { '{{queue}}': `${CORES} / (${DONE} > 0)` },
          span: 6,
        },
        {
          kind: 'chart',
          title: 'Memory in use',
          description: 'Resident memory of each consumer.',
          unit: 'bytes',
          queries: { '{{instance}}': PROCESS.memory },
          span: 6,
        },
        {
          kind: 'chart',
          title: 'Bytes a second',
          description: 'Files fetched and stored, and tensors sent to model servers.',
          unit: 'Bps',
          queries: {
            '{{stage}} {{direction}}': rate(METRICS.stageBytes, ['stage', 'direction']),
            'tensors {{model}}': rate(METRICS.batchBytes, ['model']),
          },
          span: 6,
        },
      ],
    },
  ],
};
