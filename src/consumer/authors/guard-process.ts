import { KnownError, messageOf } from '../../errors.ts';
import { authorsFault, authorsFileIn, titleOf } from './authors-code.ts';

/** Frames of a stack trace that are looked through for code of an author. */
const FRAMES = 50;

let isGuarded = false;
let tell: (said: string) => void = complain;
const said = new Set<string>();
const MOST_SAID = 100;

/** Reports uncaught errors of authors to `listener` from now on: each one once, and at most 100. */
export function tellLateErrors(listener: (said: string) => void): void {
  tell = listener;
  said.clear();
}

/**
 * Keeps code of authors from ending this process. Its uncaught errors are reported, and the process goes on; its
 * calls of `process.exit`, `process.abort` and `process.kill` of this process throw. Uncaught errors of our own
 * still end the process.
 */
export function guardProcess(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.on('uncaughtException', (error: unknown, origin) => {
    const fault = authorsFault({ error, origin });
    if (fault !== undefined) tellOnce(fault);
    // As Node does where nobody listens; a consumer listens itself.
    else if (process.listenerCount('uncaughtException') === 1) endBy(error);
  });
  process.exit = refusing('exit', process.exit.bind(process));
  process.abort = refusing('abort', process.abort.bind(process));
  const kill = process.kill.bind(process);
  const killHere = refusing('kill', kill);
  // 0 and less are groups of processes, of which this may be one.
  process.kill = (pid, signal) => (pid === process.pid || pid <= 0 ? killHere : kill)(pid, signal);
}

function tellOnce(fault: string): void {
  if (said.has(fault) || said.size >= MOST_SAID) return;
  said.add(fault);
  tell(fault);
}

/** Tells people who run a command, which then ends with an error. */
export function complain(fault: string): void {
  process.exitCode = 1;
  process.stderr.write(`${fault}\n`);
}

function endBy(error: unknown): void {
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`${stack ?? messageOf(error)}\n`);
  process.exit(1);
}

/** A function of the process that code of authors cannot call. */
function refusing<Call extends (...args: never[]) => unknown>(name: string, call: Call): Call {
  const guarded = (...args: Parameters<Call>): unknown => {
    const file = authorsFileIn(stackHere());
    if (file === undefined) return call(...args);
    throw new KnownError(
      'bad_workflow',
      `${titleOf(file)} calls process.${name}, which would end the consumer and all its jobs: ` +
        'throw an error instead, and only this job fails.',
    );
  };
  // It takes what the call takes and returns what it returns.
  return guarded as Call;
}

function stackHere(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}
