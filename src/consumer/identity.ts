import { hostname } from 'node:os';
import type { Configuration } from './settings/read-settings.ts';

/** Who this consumer is: what its processing lists, its metrics and its log lines are called. */
export interface Identity {
  /** The queues that it serves, with commas. */
  readonly queue: string;
  readonly hostName: string;
}

/** The identity that the settings give. */
export function identityOf({
  core,
  consumers,
}: {
  readonly core: Pick<Configuration['core'], 'hostName'>;
  readonly consumers: readonly { readonly queue: string }[];
}): Identity {
  const queue = consumers.map((one) => one.queue).join(',');
  return { queue, hostName: core.hostName ?? hostname() };
}
