import { setting } from '../setting.ts';

/** Traces, by the standard names of OpenTelemetry. */
export const TRACE_SETTINGS = {
  otelEndpoint: setting.url(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Collector to send traces to by OTLP over HTTP, as in http://collector:4318. Without one, none are recorded.',
  ),
  otelTracesEndpoint: setting.url(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'Full URL for traces, as in http://collector:4318/v1/traces; takes precedence.',
  ),
  otelHeaders: setting.list(
    'OTEL_EXPORTER_OTLP_HEADERS',
    'Headers to send to the collector, as in name=value,name=value.',
    { secret: true },
  ),
  otelServiceName: setting.text(
    'OTEL_SERVICE_NAME',
    '',
    'Name of this service in traces; kiosk-redis-consumer if empty.',
    { allowed: 'any name' },
  ),
  otelResourceAttributes: setting.list(
    'OTEL_RESOURCE_ATTRIBUTES',
    'Attributes of this service in traces, as in name=value,name=value.',
  ),
  otelTracesExporter: setting.choice(
    'OTEL_TRACES_EXPORTER',
    'otlp',
    'Trace exporter; none turns traces off.',
    ['otlp', 'none'],
  ),
  otelDisabled: setting.boolean('OTEL_SDK_DISABLED', false, 'Whether to turn traces off.'),
} as const;
