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
    }
  | {
      readonly type: 'breaker changed';
      readonly state: 'closed' | 'open' | 'half open';
      /** Why it is not closed. */
      readonly reason?: string;
    };
