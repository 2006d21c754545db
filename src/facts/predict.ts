import type { ErrorCode } from '../errors.ts';

/**
 * What happens between us and the model servers, as plain facts. Telemetry turns them into metrics and log lines.
 * `model` is `name:version`; `endpoint` is an address; durations are milliseconds.
 */
export type PredictFact =
  | {
      readonly type: 'batch sent';
      readonly model: string;
      readonly endpoint: string;
      readonly rows: number;
      readonly bytes: number;
      /** How long its first row had waited. */
      readonly waitedMs: number;
      /** Share of the rows that a request may hold. */
      readonly fill: number;
    }
  | {
      readonly type: 'batch answered';
      readonly model: string;
      readonly endpoint: string;
      readonly rows: number;
      readonly bytes: number;
      readonly ms: number;
      /** Its duration as a multiple of what it takes when nothing waits. */
      readonly slowdown: number;
    }
  | {
      readonly type: 'batch failed';
      readonly model: string;
      readonly endpoint: string;
      readonly rows: number;
      readonly bytes: number;
      readonly ms: number;
      readonly code: ErrorCode;
      readonly message: string;
      /** For a close look: what gRPC said, for example. */
      readonly details: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'rows repeated';
      readonly model: string;
      readonly rows: number;
      readonly code: ErrorCode;
    }
  | { readonly type: 'rows limited'; readonly model: string; readonly rows: number }
  | { readonly type: 'limit changed'; readonly endpoint: string; readonly calls: number }
  | {
      readonly type: 'endpoint changed';
      readonly endpoint: string;
      readonly state: 'up' | 'down' | 'gone';
      /** Since its last change. */
      readonly ms?: number;
      /** Why it is down: a sentence. */
      readonly reason?: string;
    }
  | {
      /** A model on one server. */
      readonly type: 'model changed';
      readonly model: string;
      readonly endpoint: string;
      readonly state: 'up' | 'down';
      /** Since its last change. */
      readonly ms?: number;
      /** Why it is down: a sentence. */
      readonly reason?: string;
    }
  | {
      readonly type: 'probe failed';
      readonly endpoint: string;
      /** The model that was to predict; absent if the server itself was asked. */
      readonly model?: string;
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'breaker changed';
      readonly state: 'closed' | 'open' | 'half open';
      /** Since it opened or closed. */
      readonly ms: number;
      /** Why it is not closed: a sentence. */
      readonly reason?: string;
      /** Whether predictions worked not long ago. */
      readonly unexpected?: boolean;
    };
