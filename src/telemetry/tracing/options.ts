import type { Clock } from '../../ports.ts';

/** What the standard variables of OpenTelemetry say. */
export interface TracingSettings {
  readonly disabled: boolean;
  readonly exporter: 'otlp' | 'none';
  readonly endpoint: string;
  readonly tracesEndpoint: string;
  /** `name=value` pairs to send as headers, percent-encoded. */
  readonly headers: readonly string[];
  readonly serviceName: string;
  /** `name=value` pairs, percent-encoded. */
  readonly resourceAttributes: readonly string[];
}

export interface TracingOptions {
  readonly settings: TracingSettings;
  readonly clock: Clock;
  readonly version: string;
  readonly queue: string;
  readonly hostName: string;
  readonly warn: (message: string) => void;
}
