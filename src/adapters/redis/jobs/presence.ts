import type { ProcessIdentity } from './process-identity.ts';

/** What a consumer says about itself in Redis. */
export interface Presence extends ProcessIdentity {
  readonly host: string;
  /** When it started, ISO 8601. */
  readonly since: string;
  readonly version: string;
  /** The queues that the process serves; none if it does not say. */
  readonly queues: readonly string[];
}

const NOBODY: Presence = {
  host: '',
  since: '',
  version: '',
  queues: [],
  pid: 0,
  boot: '',
  pidNamespace: '',
  startTicks: '',
};

/** Reads what a consumer of any version wrote; what is missing is empty. */
export function parsePresence(json: string): Presence {
  try {
    const found: unknown = JSON.parse(json);
    if (typeof found !== 'object' || found === null) return NOBODY;
    const fields = Object.entries(NOBODY).map(([name, fallback]) => {
      const value: unknown = Reflect.get(found, name);
      return [name, isLike(value, fallback) ? value : fallback];
    });
    // Each field has the type of its fallback.
    return Object.fromEntries(fields) as Presence;
  } catch {
    return NOBODY;
  }
}

function isLike(value: unknown, fallback: unknown): boolean {
  if (!Array.isArray(fallback)) return typeof value === typeof fallback;
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
