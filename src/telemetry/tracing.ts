import type { Tracing, TracingOptions } from './otlp-tracing.ts';

export type { Tracing };

const NONE: Tracing = { listen: () => undefined, close: async () => undefined };

/** OpenTelemetry's library is loaded only if there is somewhere to send traces. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  if (options.disabled || options.endpoint === '') return NONE;
  const { OtlpTracing } = await import('./otlp-tracing.ts');
  return new OtlpTracing(options);
}
