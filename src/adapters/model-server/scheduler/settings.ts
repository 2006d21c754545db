/** What an operator may set about the way to the model servers. */
export interface SchedulerSettings {
  /** Maximum bytes of the tensors of a request, unless one row has more. */
  readonly requestBytes: number;
  /** Maximum calls in flight, for each server. */
  readonly callsPerEndpoint: number;
  /** Time that one call may take once the server has begun. */
  readonly deadlineMs: number;
  /** Longest pause before a retry. */
  readonly backoffMs: number;
  /** Maximum retries of a call that timed out or was refused; 0: no limit. */
  readonly retries: number;
  /** Longest time that a batch waits for more rows while a server has nothing to do. */
  readonly lingerMs: number;
  /** Longest pause between probes of a server that does not answer. */
  readonly probeMs: number;
  /** Bytes of memory kept for outputs to come. */
  readonly keptBytes: number;
  /** Time between measurements of how fast a server is when nothing waits there. */
  readonly baselineMs: number;
}

export const DEFAULT_SCHEDULER_SETTINGS: SchedulerSettings = {
  requestBytes: 8 * 2 ** 20,
  callsPerEndpoint: 64,
  deadlineMs: 30_000,
  backoffMs: 3000,
  retries: 5,
  lingerMs: 5,
  probeMs: 5000,
  baselineMs: 30_000,
  keptBytes: 128 * 2 ** 20,
};
