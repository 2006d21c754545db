import { readFileSync, writeFileSync } from 'node:fs';

/*
 * The most memory that a process has had at once. On Linux it is that of the address space, and can be reset. `maxRSS` of
 * `resourceUsage` is another number there: a process begins with that of the one that started it, however large that was.
 */

/** Forgets how much memory this process has had, where that can be done: what it has now is the most. */
export function forgetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not on Linux, or not allowed: an earlier peak counts too.
  }
}

/** The most memory that this process has had, in bytes. */
export function peakMemory(): number {
  try {
    const [, kibi] = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    if (kibi !== undefined) return Number(kibi) * 1024;
  } catch {
    // Not on Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
