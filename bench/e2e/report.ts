import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { promisify } from 'node:util';
import type { Case } from './cases.ts';
import { totalMs } from './limit.ts';
import type { Load } from './measure-load.ts';
import type { Lone } from './measure-lone.ts';
import type { Overhead } from './measure-overhead.ts';
import type { Row as ZipRow } from '../parents/row.ts';
import type { Steps } from './single-image.ts';

/** What was measured of a case. */
export interface CaseResult {
  readonly name: string;
  readonly reference: Case['reference'];
  /** How many times slower this machine was than that of the reference, before, between and after the loads; undefined if that is not known. */
  readonly yardstick: number | undefined;
  /** The limit: milliseconds by step. */
  readonly steps: Readonly<Steps>;
  readonly loads: readonly Load[];
}

/** Where and when something was measured. */
export interface Machine {
  /** Year, month and day. */
  readonly date: string;
  readonly commit: string;
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  /** Processes that wanted to run, in the last minute. */
  readonly load: number;
}

export interface Report extends Machine {
  readonly cases: readonly CaseResult[];
  readonly lone?: Lone & { readonly steps: Readonly<Steps> };
  readonly overheads?: readonly Overhead[];
  readonly zips?: readonly ZipRow[];
}

export async function machine(): Promise<Machine> {
  const { stdout } = await promisify(execFile)('git', ['describe', '--always', '--dirty']);
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: stdout.trim(),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[0] ?? 0,
  };
}

/** The figures of a load that are compared. */
export interface Compared {
  readonly load: Load;
  /** Seconds of processor time an image as read, and divided by the yardstick. */
  readonly cpu: number;
  readonly cpuDivided: number | undefined;
  /** How many times less than the reference, after division. */
  readonly times: number | undefined;
  /** As a multiple of the limit. */
  readonly ofLimit: number;
}

export function compared(result: CaseResult): Compared[] {
  const { reference, steps, yardstick, loads } = result;
  return loads.map((load) => {
    const cpu = load.cpuMs / 1000;
    const cpuDivided = yardstick === undefined ? undefined : cpu / yardstick;
    const times = cpuDivided === undefined ? undefined : reference.cpuSeconds / cpuDivided;
    return { load, cpu, cpuDivided, times, ofLimit: load.cpuMs / totalMs({ steps }) };
  });
}

/** Prints what was measured of a case and returns it. */
export function showCase(result: CaseResult): CaseResult {
  const { name, steps, yardstick } = result;
  console.log(`${name}: yardstick ${yardstick ?? 'unknown'}, limit ${listed(steps)} ms`);
  for (const { load, cpu, cpuDivided, times, ofLimit } of compared(result)) {
    console.log(
      `  ${load.processes} process(es), ${load.latencyMs} ms a call: ${load.imagesPerSecond.toFixed(2)} images/s, ` +
        `CPU ${cpu.toFixed(3)} s an image (${load.cpuQuartiles.map((ms) => (ms / 1000).toFixed(3)).join('–')}), ` +
        `divided ${cpuDivided?.toFixed(3)}, ${times?.toFixed(1)} times the reference, ${ofLimit.toFixed(2)} × limit, ` +
        `peak ${load.peakMiB.toFixed(0)} MiB, loop delay p99 ${load.loopDelayMs.toFixed(0)} ms`,
    );
    console.log(`    stages ${listed(load.stageMs)} ms`);
    console.log(`    kernels ${listed(load.kernelMs)} ms`);
  }
  return result;
}

export function showLone({ lone, overheads = [] }: Report): void {
  if (lone) {
    const { startedMs, doneMs } = lone;
    console.log(
      `lone job: ready ${lone.readyMs.toFixed(0)} ms, first job ${lone.firstMs.toFixed(0)} ms, ` +
        `started p50 ${startedMs.p50.toFixed(1)} p99 ${startedMs.p99.toFixed(1)} ms, ` +
        `done p50 ${doneMs.p50.toFixed(0)} p99 ${doneMs.p99.toFixed(0)} ms, limit ${totalMs(lone).toFixed(0)} ms, ` +
        `idle ${lone.idlePercent.toFixed(2)} %`,
    );
  }
  for (const { what, cpuMs, sent, executed } of overheads) {
    console.log(
      `${what}: CPU ${cpuMs.toFixed(2)} ms, ${sent.toFixed(1)} commands sent, ${executed.toFixed(1)} executed`,
    );
  }
}

/** `decode 4.0, zip 12.1`, the greatest first, and their sum. */
export function listed(sums: Readonly<Record<string, number>>): string {
  const shown = Object.entries(sums)
    .filter(([, ms]) => ms >= 0.05)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  const total = Object.values(sums).reduce((sum, ms) => sum + ms, 0);
  return `${total.toFixed(1)} (${shown.join(', ')})`;
}
