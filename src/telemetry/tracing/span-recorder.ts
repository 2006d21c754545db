import {
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  context,
  trace,
} from '@opentelemetry/api';
import type { KnownError } from '../../errors.ts';
import type { Emit, Fact } from '../../facts/flow.ts';
import type { Job } from '../../job/job.ts';
import type { Clock } from '../../ports.ts';
import { readTraceParent } from './trace-parent.ts';

interface RecorderOptions {
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** The open spans of a job. */
interface JobSpans {
  readonly root: Span;
  readonly stages: Map<string, Span>;
}

type FactOf<Type extends Fact['type']> = Extract<Fact, { type: Type }>;

/** Translates facts into spans: one for each job, and below it one for each stage. */
export class SpanRecorder {
  readonly #options: RecorderOptions;
  readonly #claimed = new Map<string, Date>();
  readonly #jobs = new Map<string, JobSpans>();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  readonly listen: Emit = (fact) => {
    switch (fact.type) {
      case 'job claimed':
        this.#claimed.set(fact.key, this.#options.clock.now());
        break;
      case 'job started':
        this.#startJob(fact);
        break;
      case 'job warned':
        this.#jobs.get(fact.job.key)?.root.addEvent('warning', { message: fact.message });
        break;
      case 'job ended':
        this.#endJob(fact);
        break;
      default:
        this.#listenToStages(fact);
    }
  };

  readonly idsOf = (key: string): Readonly<Record<string, string>> => {
    const root = this.#jobs.get(key)?.root.spanContext();
    return root === undefined ? {} : { trace_id: root.traceId, span_id: root.spanId };
  };

  #listenToStages(fact: Fact): void {
    if (fact.type === 'stage started') this.#startStage(fact);
    else if (fact.type === 'stage retried') this.#retryStage(fact);
    else if (fact.type === 'stage ended') this.#endStage(fact);
  }

  #startJob({ job, queuedMs }: FactOf<'job started'>): void {
    const { tracer, clock } = this.#options;
    const { queue } = job;
    const parent = readTraceParent(job.fields['traceparent']);
    const above = parent ? trace.setSpanContext(context.active(), parent) : context.active();
    const startTime = this.#claimed.get(job.key) ?? clock.now();
    const attributes = {
      'kiosk.queue': queue,
      'kiosk.job.key': job.key,
      ...(job.parent !== undefined && { 'kiosk.job.parent': job.parent }),
      ...(queuedMs !== undefined && { 'kiosk.job.queued_ms': queuedMs }),
    };
    const kind = SpanKind.CONSUMER;
    const root = tracer.startSpan(`job ${queue}`, { kind, startTime, attributes }, above);
    this.#jobs.set(job.key, { root, stages: new Map() });
  }

  #endJob({ key, outcome, error }: FactOf<'job ended'>): void {
    this.#claimed.delete(key);
    const open = this.#jobs.get(key);
    if (open === undefined) return;
    this.#jobs.delete(key);
    const now = this.#options.clock.now();
    for (const stage of open.stages.values()) stage.end(now);
    open.root.setAttribute('kiosk.job.outcome', outcome);
    if (error) markFailed(open.root, error);
    open.root.end(now);
  }

  #startStage({ stage, job, waitedMs }: FactOf<'stage started'>): void {
    const open = this.#jobs.get(job.key);
    if (open === undefined) return;
    const { tracer, clock } = this.#options;
    const attributes = { 'kiosk.stage': stage, 'kiosk.stage.waited_ms': waitedMs };
    const above = trace.setSpan(context.active(), open.root);
    const options = { startTime: clock.now(), attributes };
    open.stages.set(stage, tracer.startSpan(`stage ${stage}`, options, above));
  }

  #retryStage({ stage, job, error, delayMs }: FactOf<'stage retried'>): void {
    const attributes = { code: error.code, message: error.message, delay_ms: delayMs };
    this.#stageSpan(job, stage)?.addEvent('retry', attributes, this.#options.clock.now());
  }

  #endStage({ stage, job, error }: FactOf<'stage ended'>): void {
    const span = this.#stageSpan(job, stage);
    if (span === undefined) return;
    this.#jobs.get(job.key)?.stages.delete(stage);
    if (error) markFailed(span, error);
    span.end(this.#options.clock.now());
  }

  #stageSpan(job: Job, stage: string): Span | undefined {
    return this.#jobs.get(job.key)?.stages.get(stage);
  }
}

function markFailed(span: Span, error: KnownError): void {
  span.setAttribute('error.type', error.code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}
