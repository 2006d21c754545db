import { ERROR_CATALOGUE, type ErrorKind } from '../../src/errors.ts';

/** What happens to a job whose error is of a kind. */
const CONSEQUENCES: Readonly<Record<ErrorKind, string>> = {
  bad_input: 'The job fails at once with the reason; the consumer goes on.',
  refused:
    'The job fails as soon as the remote serves another job; while it serves none, the work is retried and the consumer takes no new jobs.',
  unavailable:
    'The work is retried within its budget; the consumer takes no new jobs while a server that it needs is down.',
  fatal: 'The consumer gives its jobs back to the queue and stops with an exit code other than 0.',
  cancelled: 'The job goes back to the queue.',
  internal: 'The job fails; the log of the consumer has the stack.',
};

/** The page that explains each error code to users and operators. */
export function errorsPage(): string {
  const kinds = Object.entries(CONSEQUENCES).map(([kind, consequence]) => {
    const entries = Object.entries(ERROR_CATALOGUE).filter(([, entry]) => entry.kind === kind);
    const codes = entries.map(
      ([code, { cause, remedy }]) => `### ${code}\n\n- Cause: ${cause}\n- Remedy: ${remedy}\n`,
    );
    return [`## Kind \`${kind}\`\n\n${consequence}\n`, ...codes].join('\n');
  });
  return [
    '# Errors\n',
    'The log lines and the metrics of the consumer carry the code of an error; a failed job has the message as its `reason`.\n',
    ...kinds,
  ].join('\n');
}
