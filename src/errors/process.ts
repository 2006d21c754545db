import type { CatalogueEntry } from './entry.ts';

/** What may stop the consumer or a command. */
export const PROCESS_ERRORS = {
  bad_settings: {
    kind: 'fatal',
    cause: 'One or more environment variables have values that are not allowed.',
    remedy: 'Correct the variables that the message lists; `check-config` shows them all.',
  },
  bad_usage: {
    kind: 'fatal',
    cause: 'The command is unknown, or does not take one of its options or arguments.',
    remedy:
      'Use what the message suggests; `help` lists the commands, `--help` the options of one.',
  },
  part_ended: {
    kind: 'fatal',
    cause: 'A process that `local` had started ended unexpectedly.',
    remedy: 'Run the same command again; it resumes. If the error comes back, report the log.',
  },
  result_not_kept: {
    kind: 'bad_input',
    cause: 'The job is done, but its result cannot be stored on this machine.',
    remedy:
      'Free some space, or correct what the message names. Then `fetch` with the key of the job gets ' +
      'the result; after `local`, run the same command again.',
  },
  cannot_listen: {
    kind: 'fatal',
    cause: 'The port for HTTP is in use, or HTTP_HOST is not an address of this machine.',
    remedy: 'Set the variable that the message names.',
  },
  duplicate_consumer: {
    kind: 'fatal',
    cause: 'Another consumer of this queue runs under the same host name.',
    remedy: 'Stop the other one, or give each consumer its own HOSTNAME.',
  },
} as const satisfies Record<string, CatalogueEntry>;
