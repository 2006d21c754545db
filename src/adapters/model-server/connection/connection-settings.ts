/** How connections to model servers are kept. */
export interface ConnectionSettings {
  /** HTTP/2 connections to each address. */
  readonly connections: number;
  /** Time in which a server must have accepted a connection, as far as HTTP/2 settings. */
  readonly connectMs: number;
  /** Deadline of a probe. */
  readonly probeMs: number;
  /** Deadline of a question for the signature of a model. */
  readonly signatureMs: number;
  /** A ping is sent after so long a silence during a call, and must be answered within the time-out. */
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
  /** Age at which a connection is renewed, so that servers new behind one address get work. */
  readonly renewMs: number;
  /** Time between look-ups of the host name. */
  readonly resolveMs: number;
  /** Bytes that a server may send before we have read them: HTTP/2 flow-control window. */
  readonly windowBytes: number;
}

export const DEFAULT_CONNECTION_SETTINGS: ConnectionSettings = {
  connections: 4,
  connectMs: 5000,
  probeMs: 5000,
  signatureMs: 10_000,
  keepaliveMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  renewMs: 60_000,
  resolveMs: 15_000,
  windowBytes: 16 * 2 ** 20,
};
