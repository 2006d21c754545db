import {
  type Context,
  type DiagLogger,
  DiagLogLevel,
  type Span,
  SpanStatusCode,
  type Tracer,
  ROOT_CONTEXT,
  diag,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Emit, Fact } from '../flow/events.ts';

export interface TracingOptions {
  /** Where spans go, by OTLP over HTTP; none are made if empty. */
  readonly endpoint: string;
  readonly disabled: boolean;
  readonly version: string;
  readonly queue: string;
  readonly hostName: string;
  readonly warn: (message: string) => void;
}

/** Makes a trace of each job: one span for it, and one for each stage. */
export interface Tracing {
  readonly listen: Emit;
  /** Sends what is left, for a few seconds at most. Never rejects. */
  close(): Promise<void>;
}

/** As the W3C has it: version, trace, parent span, flags. */
const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const FLUSH_MS = 2000;

interface Traced {
  readonly span: Span;
  readonly context: Context;
  readonly stages: Map<string, Span>;
}

/** Spans by OTLP. A job whose hash has a `traceparent` continues that trace. */
export class OtlpTracing implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #options: TracingOptions;
  readonly #jobs = new Map<string, Traced>();

  constructor(options: TracingOptions) {
    this.#options = options;
    diag.setLogger(onceAMinute(options.warn), DiagLogLevel.ERROR);
    const { hostName, version } = options;
    const ours = resourceFromAttributes({
      'service.name': 'kiosk-redis-consumer',
      'service.version': version,
      'service.instance.id': hostName,
    });
    const environment = detectResources({ detectors: [envDetector] });
    this.#provider = new TracerProvider({
      resource: defaultResource().merge(ours).merge(environment),
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    });
    this.#tracer = this.#provider.getTracer('kiosk-redis-consumer', version);
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'job started') this.#startJob(fact);
    else if (fact.type === 'job ended') this.#endJob(fact);
    else if (fact.type === 'stage started') this.#startStage(fact);
    else if (fact.type === 'stage ended') this.#endStage(fact);
    else if (fact.type === 'stage retried') this.#noteRetry(fact);
  };

  async close(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FLUSH_MS);
    await Promise.race([this.#provider.shutdown().catch(this.#complain), late]);
    clearTimeout(timer);
  }

  readonly #complain = (error: unknown): void => {
    this.#options.warn(`Traces could not be sent: ${String(error)}`);
  };

  #startJob({ job }: Extract<Fact, { type: 'job started' }>): void {
    const parent = parentOf(job.fields['traceparent']);
    const attributes = {
      'messaging.system': 'redis',
      'messaging.destination.name': this.#options.queue,
      'messaging.message.id': job.key,
    };
    const span = this.#tracer.startSpan(`${job.queue} job`, { attributes }, parent);
    this.#jobs.set(job.key, { span, context: trace.setSpan(parent, span), stages: new Map() });
  }

  #endJob({ key, outcome, error }: Extract<Fact, { type: 'job ended' }>): void {
    const traced = this.#jobs.get(key);
    if (traced === undefined) return;
    this.#jobs.delete(key);
    traced.span.setAttribute('job.outcome', outcome);
    fail(traced.span, error);
    traced.span.end();
  }

  #startStage({ job, stage, waitedMs }: Extract<Fact, { type: 'stage started' }>): void {
    const traced = this.#jobs.get(job.key);
    if (traced === undefined) return;
    const attributes = { 'stage.waited_ms': Math.round(waitedMs) };
    traced.stages.set(stage, this.#tracer.startSpan(stage, { attributes }, traced.context));
  }

  #endStage({ job, stage, error }: Extract<Fact, { type: 'stage ended' }>): void {
    const span = this.#jobs.get(job.key)?.stages.get(stage);
    if (span === undefined) return;
    fail(span, error);
    span.end();
  }

  #noteRetry({ job, stage, error }: Extract<Fact, { type: 'stage retried' }>): void {
    const span = this.#jobs.get(job.key)?.stages.get(stage);
    span?.addEvent('retry', { 'error.type': error.code, message: error.message });
  }
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

function fail(span: Span, error: Failure | undefined): void {
  if (error === undefined) return;
  span.setAttribute('error.type', error.code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}

function parentOf(header: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags ?? '0', 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** A collector that is away must not fill the log. */
function onceAMinute(warn: (message: string) => void): DiagLogger {
  let quietUntil = 0;
  const error = (message: string): void => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + 60_000;
    warn(`Traces could not be sent: ${message}`);
  };
  const ignore = (): void => undefined;
  return { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
}
