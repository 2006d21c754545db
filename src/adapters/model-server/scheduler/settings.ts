/** What an operator may set about the way to the model servers. */
export interface SchedulerSettings {
  /** Bytes of the tensors of a request at most, unless one row has more. */
  readonly requestBytes: number;
  /** Calls in flight at most, for each server. */
  readonly callsPerEndpoint: number;
  /** Time that one call may take once the server has begun. */
  readonly deadlineMs: number;
  /** Longest pause before a call is repeated. */
  readonly backoffMs: number;
  /** Repeats at most of a call that timed out or was refused; 0: no limit. */
  readonly repeats: number;
  /** Longest time that a batch waits for more rows while a server has nothing to do. */
  readonly lingerMs: number;
  /** Longest pause between probes of a server that does not answer. */
  readonly probeMs: number;
  /** Time between looks at how fast a server is when nothing waits there. */
  readonly baselineMs: number;
}

export const DEFAULT_SCHEDULER_SETTINGS: SchedulerSettings = {
  requestBytes: 8 * 2 ** 20,
  callsPerEndpoint: 64,
  deadlineMs: 30_000,
  backoffMs: 3000,
  repeats: 5,
  lingerMs: 5,
  probeMs: 5000,
  baselineMs: 30_000,
};
