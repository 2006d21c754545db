import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { readPairs } from './pairs.ts';
import type { TracingOptions } from './options.ts';

/** A collector that takes longer for a batch does not get it. */
const EXPORT_TIMEOUT_MS = 3000;

/** What is not sent so long after the stop is lost: the cluster waits for us. */
const CLOSE_TIMEOUT_MS = 4000;

interface Export {
  readonly tracer: Tracer;
  readonly close: () => Promise<void>;
}

/**
 * Sends ended spans to a collector from time to time, in batches. A full queue drops spans; nothing ever
 * waits for it.
 */
export function openExport(url: string, options: TracingOptions): Export {
  const { settings, clock, version, warn } = options;
  const exporter = new OTLPTraceExporter({
    url,
    headers: readPairs(settings.headers),
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const processor = new BatchSpanProcessor({
    exporter: warnOnce(exporter, (reason) =>
      warn(`Traces do not reach ${url}: ${reason} Jobs go on without them.`),
    ),
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceOf(options),
    spanProcessors: [processor],
  });
  return {
    tracer: provider.getTracer('kiosk-redis-consumer', version),
    close: async () => {
      const closed = provider.shutdown().catch(() => undefined);
      const patience = new AbortController();
      const overdue = clock.sleep(CLOSE_TIMEOUT_MS, patience.signal).catch(() => undefined);
      await Promise.race([closed, overdue]);
      patience.abort();
    },
  };
}

function resourceOf({ settings, version, hostName }: TracingOptions) {
  const given = readPairs(settings.resourceAttributes);
  return resourceFromAttributes({
    'service.version': version,
    'service.instance.id': hostName,
    ...given,
    'service.name': settings.serviceName || given['service.name'] || 'kiosk-redis-consumer',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
  });
}

/**
 * An exporter of which only the first failure in a row is heard of: a collector that is down is not a problem
 * of the jobs.
 */
function warnOnce(exporter: SpanExporter, warn: (reason: string) => void): SpanExporter {
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !failing) warn(result.error?.message ?? '');
        failing = failed;
        done(result);
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
