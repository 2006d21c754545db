import { runCommandLine } from './commands/command-line/run-command-line.ts';
import { COMMANDS } from './commands/commands.ts';

/** What a connection that does not close may still cost after a command has ended. */
const LAST_MS = 500;

/** Runs a command and sets the exit code of the process, which ends soon whatever else is open. */
export async function start(words: readonly string[]): Promise<void> {
  endWithParent();
  // What an author left uncaught meanwhile has set it already.
  process.exitCode = (await runCommandLine(words, COMMANDS)) || process.exitCode;
  setTimeout(() => process.exit(), LAST_MS).unref();
}

/** A process that was started with a channel to its parent stops when the parent is gone. */
function endWithParent(): void {
  if (!process.connected) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
