import { METRICS } from '../src/telemetry/catalogue.ts';
import { expressionsOver } from './expressions.ts';
import type { DashboardPlan } from './panels.ts';

const { sum, rate, quantile } = expressionsOver({
  selection: ['queue=~"$queue"', 'instance=~"$instance"'],
  range: '$__rate_interval',
});

/** Everything about the stages, for an operator who has seen in the overview which one is slow. */
export const STAGES: DashboardPlan = {
  uid: 'kiosk-stages',
  title: 'Kiosk consumers: stages',
  description: 'Places, waiting, time, errors and bytes of each stage; kernels and predictions.',
  rows: [
    {
      title: 'Which stage holds jobs?',
      panels: [
        {
          kind: 'chart',
          title: 'Jobs in a stage',
          description: 'Jobs that the stage works on.',
          unit: 'short',
          queries: { '{{stage}}': sum(METRICS.stageInFlight, ['stage']) },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Time before a stage',
          description: 'Time that nineteen of twenty jobs wait at most to get in.',
          unit: 's',
          queries: { '{{stage}}': quantile(0.95, METRICS.stageWait, ['stage']) },
          span: 12,
        },
      ],
    },
    {
      title: 'How do stages spend their time?',
      panels: [
        {
          kind: 'chart',
          title: 'Busy',
          description: 'Share of the time with at least one job in the stage.',
          unit: 'percentunit',
          queries: { '{{stage}}': rate(METRICS.stageBusy, ['stage']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Blocked',
          description:
            'Share of the time with jobs that wait for memory although there are places.',
          unit: 'percentunit',
          queries: { '{{stage}}': rate(METRICS.stageBlocked, ['stage']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Idle',
          description: 'Share of the time with nothing to do.',
          unit: 'percentunit',
          queries: { '{{stage}}': rate(METRICS.stageIdle, ['stage']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Typical time in a stage',
          description: 'Median.',
          unit: 's',
          queries: { '{{stage}}': quantile(0.5, METRICS.stageDuration, ['stage']) },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Longest times in a stage',
          description: '99th percentile.',
          unit: 's',
          queries: { '{{stage}}': quantile(0.99, METRICS.stageDuration, ['stage']) },
          span: 12,
        },
      ],
    },
    {
      title: 'What goes wrong?',
      panels: [
        {
          kind: 'chart',
          title: 'Errors',
          description: 'Jobs that failed in a stage, a second.',
          unit: 'short',
          queries: { '{{stage}} {{code}}': rate(METRICS.stageErrors, ['stage', 'code']) },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Retries',
          description: 'Attempts that were repeated, a second.',
          unit: 'short',
          queries: { '{{stage}} {{code}}': rate(METRICS.stageRetries, ['stage', 'code']) },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Failures around Redis',
          description: 'Failures of the intake and of writes to hashes, a second.',
          unit: 'short',
          queries: {
            'intake {{code}}': rate(METRICS.intakeErrors, ['code']),
            'writes {{code}}': rate(METRICS.redisWriteErrors, ['code']),
          },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Stranded jobs given back',
          description: 'Jobs found in a processing list without anybody working on them, a second.',
          unit: 'short',
          queries: { '{{by}}': rate(METRICS.jobsRecovered, ['by']) },
          span: 12,
        },
      ],
    },
    {
      title: 'Kernels and predictions',
      panels: [
        {
          kind: 'chart',
          title: 'Time of a kernel',
          description: '95th percentile on a compute thread.',
          unit: 's',
          queries: { '{{kernel}}': quantile(0.95, METRICS.kernelDuration, ['kernel']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Waiting for a compute thread',
          description: '95th percentile: if it grows, give the consumer more cores.',
          unit: 's',
          queries: { waiting: quantile(0.95, METRICS.kernelWait, []) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Rows of a request',
          description: 'Median, by model.',
          unit: 'short',
          queries: { '{{model}}': quantile(0.5, METRICS.batchRows, ['model']) },
          span: 8,
        },
        {
          kind: 'chart',
          title: 'Rows wait for a request',
          description: '95th percentile of the first row of each request.',
          unit: 's',
          queries: { '{{model}}': quantile(0.95, METRICS.batchWait, ['model']) },
          span: 12,
        },
        {
          kind: 'chart',
          title: 'Calls that failed',
          description: 'Calls to model servers a second, by code.',
          unit: 'short',
          queries: { '{{model}} {{code}}': rate(METRICS.batchErrors, ['model', 'code']) },
          span: 12,
        },
      ],
    },
  ],
};
