import type { Emit } from '../../facts/flow.ts';
import type { TracingOptions, TracingSettings } from './options.ts';

/** Traces of jobs, on their way to a collector. */
export interface Tracing {
  readonly listen: Emit;
  /** What the log lines of a job carry, so that its trace is found. */
  readonly idsOf: (key: string) => Readonly<Record<string, string>>;
  /** Sends what is left, within a bound. */
  readonly close: () => Promise<void>;
}

const OFF: Tracing = { listen: () => {}, idsOf: () => ({}), close: async () => {} };

/**
 * Opens traces if the settings name a collector. Without one the libraries are not even loaded: they cost
 * memory and time.
 */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const url = collectorOf(options.settings);
  if (url === undefined) return OFF;
  const { SpanRecorder } = await import('./span-recorder.ts');
  const { openExport } = await import('./export-spans.ts');
  const { tracer, close } = openExport(url, options);
  const recorder = new SpanRecorder({ ...options, tracer });
  return { listen: recorder.listen, idsOf: recorder.idsOf, close };
}

/**
 * OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP": only the variable for all signals gets a
 * path added.
 */
function collectorOf(settings: TracingSettings): string | undefined {
  const { disabled, exporter, endpoint, tracesEndpoint } = settings;
  if (disabled || exporter === 'none') return undefined;
  if (tracesEndpoint !== '') return tracesEndpoint;
  return endpoint === '' ? undefined : `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}
