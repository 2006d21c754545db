import { readFileSync, readlinkSync } from 'node:fs';

/** What another process of the same machine can check: whether this process still runs. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Differs after each boot of the machine; '' where that is not known, as outside of Linux. */
  readonly boot: string;
  /** The namespace that the pid is of; '' where that is not known. */
  readonly pidNamespace: string;
  /** When the process started, in clock ticks since the boot: pids are used again. */
  readonly startTicks: string;
}

/** The identity of this process. */
export function processIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
    startTicks: startTicksOf(process.pid),
  };
}

/**
 * Whether a process is known to have ended; false too if it is of another machine or container, where nobody
 * here can tell.
 */
export function hasEnded(other: ProcessIdentity, self: ProcessIdentity): boolean {
  const isVisible =
    self.boot !== '' &&
    other.boot === self.boot &&
    other.pidNamespace === self.pidNamespace &&
    other.startTicks !== '';
  return isVisible && startTicksOf(other.pid) !== other.startTicks;
}

/** '' if there is no such process. */
function startTicksOf(pid: number): string {
  // The second field, the name of the program, may hold spaces and parentheses: count from the last one. See proc(5).
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
