import type { ChildProcess } from 'node:child_process';
import { KnownError } from '../../errors.ts';

/** The last error in a log in the human form, read as it is written. */
export class LastError {
  #rest = '';
  #last: string | undefined;

  get last(): string | undefined {
    return this.#last;
  }

  readonly hear = (chunk: Buffer): void => {
    const lines = (this.#rest + chunk.toString()).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MOST_KEPT);
    for (const line of lines) this.#last = ERROR.exec(line)?.[1] ?? this.#last;
  };
}

const ERROR = /\[(?:ERROR|FATAL)\]:\[\w+\]: (?:Stopped: )?(.+)/;
/** Characters of a line that has not ended. */
const MOST_KEPT = 4000;

interface Ending {
  /** File with all that the process said. */
  readonly log: string;
  readonly lastError: string | undefined;
}

/** Says how a process ended that was to go on: its exit code or signal, its last error, what to do. */
export function partEnded(
  name: string,
  { exitCode, signalCode }: Pick<ChildProcess, 'exitCode' | 'signalCode'>,
  { log, lastError }: Ending,
): KnownError {
  const how = signalCode === null ? `ended with code ${exitCode}` : `was ended by ${signalCode}`;
  const memory =
    signalCode === 'SIGKILL' || signalCode === 'SIGABRT' ? ' Usually memory has run out.' : '';
  const error = lastError === undefined ? '' : ` Its last error: ${lastError}`;
  const next = `What is done is kept, and the same command goes on; "${log}" has all lines.`;
  return new KnownError('part_ended', `${name} ${how}.${memory}${error} ${next}`);
}
