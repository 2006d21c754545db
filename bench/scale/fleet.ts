import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from '../harness/process-usage.ts';
import type { PodsPlan, PodsReport } from './pods-process.ts';

const PROGRAM = fileURLToPath(new URL('pods-process.ts', import.meta.url));

/** Simulated pods in a process of their own. */
export class Fleet {
  readonly #child: ChildProcess;

  constructor(plan: PodsPlan, redisPort: number) {
    this.#child = fork(PROGRAM, [JSON.stringify(plan)], {
      serialization: 'advanced',
      env: { PATH: process.env['PATH'], REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redisPort) },
    });
  }

  /** What has happened; the waits are those since the last report. */
  async report(): Promise<PodsReport> {
    const answer = once(this.#child, 'message');
    this.#child.send('report');
    const [report] = await answer;
    return report as PodsReport; // what pods-process.ts sends
  }

  get cpuSeconds(): number {
    return cpuSeconds(this.#child.pid ?? 0);
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
