import { KnownError } from '../../errors.ts';

/**
 * Keeps kernels of authors from ending the process, or this thread: their calls of `process.exit`,
 * `process.abort` and `process.kill` of this process throw. Signals know no threads.
 */
export function guardThread(): void {
  process.exit = () => refuse('exit');
  process.abort = () => refuse('abort');
  const kill = process.kill.bind(process);
  process.kill = (pid, signal) => (reachesThisProcess(pid) ? refuse('kill') : kill(pid, signal));
}

/** Whether a signal may reach this process: 0 and less are groups of processes. */
function reachesThisProcess(pid: number): boolean {
  return pid === process.pid || pid <= 0;
}

function refuse(call: string): never {
  throw new KnownError(
    'bad_workflow',
    `The kernel calls process.${call}, which would end the consumer and all its jobs: throw an error instead, ` +
      'and only this job fails.',
  );
}
