import type { Log } from '../telemetry/log/log.ts';

/** The methods of `console` that libraries use, and the levels of their lines in the log. */
const LEVELS = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;

/**
 * From now on, what libraries print and what Node warns of goes to the log: a line of plain text among lines of JSON is
 * lost to those who read them by a program.
 */
export function takeForeignOutput(log: Log): void {
  const methods = Object.entries(LEVELS).map(([method, level]) => [
    method,
    (...words: unknown[]) => log[level]({ by: 'a library' }, words.map(String).join(' ')),
  ]);
  Object.assign(globalThis.console, Object.fromEntries(methods));
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn({ by: 'Node', err: warning }, warning.message));
}
