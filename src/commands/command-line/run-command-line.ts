import { type KnownError, classify } from '../../errors.ts';
import type { Command } from './command.ts';
import { findCommand } from './find-command.ts';

const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs the command that the first word names, or the consumer without one. The result is the exit code. */
export async function runCommandLine(
  [name = 'run', ...words]: readonly string[],
  commands: readonly Command[],
): Promise<number> {
  process.stdout.on('error', endWithReader);
  try {
    return await findCommand(name, commands).run(words);
  } catch (thrown) {
    const error = classify(thrown);
    complain(error);
    return error.code === 'bad_usage' ? WRONG_USAGE : FAILED;
  }
}

/** Whoever read our output, such as `head`, has seen enough. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}

/** Tells what is wrong, a line a problem. */
function complain(error: KnownError): void {
  const { problems } = error.details;
  const lines = Array.isArray(problems) ? problems.map(String) : [error.message];
  const stack =
    error.kind === 'internal' && error.cause instanceof Error ? [error.cause.stack ?? ''] : [];
  process.stderr.write(`${[...lines, ...stack].join('\n')}\n`);
}
