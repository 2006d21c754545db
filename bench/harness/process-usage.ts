import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Linux counts processor time in these; every kernel in use has a hundred a second. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 50;

/** What a process took while it was watched. */
export interface Usage {
  readonly peakMiB: number;
  readonly meanMiB: number;
  /** Processor time of all its threads, user and system. */
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** Resident memory of a process in MiB. */
export function residentMiB(pid: number): number {
  return (statusField(pid, 'VmRSS') ?? 0) / 1024;
}

/** Processor time that a process has taken, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Watches the memory and the processor time of a process. Linux only. */
export class UsageWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  readonly #cpuBefore: number;
  readonly #since = performance.now();
  readonly #samples: number[] = [];

  constructor(pid: number) {
    this.#pid = pid;
    // The highest resident size counts from now on; see proc_pid_clear_refs(5).
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    this.#cpuBefore = cpuSeconds(pid);
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#sample();
  }

  stop(): Usage {
    clearInterval(this.#timer);
    this.#sample();
    const sum = this.#samples.reduce((total, value) => total + value, 0);
    return {
      peakMiB: (statusField(this.#pid, 'VmHWM') ?? 0) / 1024,
      meanMiB: sum / this.#samples.length,
      cpuSeconds: cpuSeconds(this.#pid) - this.#cpuBefore,
      seconds: (performance.now() - this.#since) / 1000,
    };
  }

  /** A process that has ended has no size; the code that waits for its work reports that. */
  #sample(): void {
    const resident = statusField(this.#pid, 'VmRSS');
    if (resident === undefined) clearInterval(this.#timer);
    else this.#samples.push(resident / 1024);
  }
}

/** A field of /proc/<pid>/status, in KiB; undefined once the process has ended. */
function statusField(pid: number, name: string): number | undefined {
  if (!existsSync(`/proc/${pid}`)) return undefined;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status);
  return match === null ? undefined : Number(match[1]);
}
