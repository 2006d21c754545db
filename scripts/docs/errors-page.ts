import { ERROR_CATALOGUE, type ErrorKind } from '../../src/errors.ts';

/** What happens to a job whose error is of a kind. */
const CONSEQUENCES: Readonly<Record<ErrorKind, string>> = {
  bad_input: 'The job fails at once with the reason; the consumer goes on.',
  refused:
    'The job fails as soon as the remote serves another job; while it serves none, the work is tried again and the consumer takes no new jobs.',
  unavailable:
    'The work is tried again within its budget; the consumer takes no new jobs while a server that it needs is down.',
  fatal: 'The consumer gives its jobs back to the queue and stops with an exit code other than 0.',
  cancelled: 'The job goes back to the queue.',
  internal: 'The job fails; the stack is in the log of the consumer.',
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
    'The code of an error is in the log lines and the metrics of the consumer; a failed job shows its message as the `reason`.\n',
    ...kinds,
  ].join('\n');
}
