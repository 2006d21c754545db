import { hostname } from 'node:os';
import type { Configuration } from './read-settings.ts';

/** Who this consumer is: what its processing list, its metrics and its log lines are called. */
export interface Identity {
  readonly queue: string;
  readonly hostName: string;
}

/** The identity that the settings give. */
export function identityOf({ core, queue }: Pick<Configuration, 'core' | 'queue'>): Identity {
  return { queue, hostName: core.hostName ?? hostname() };
}
