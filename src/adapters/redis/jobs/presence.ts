import type { ProcessIdentity } from './process-identity.ts';

/** What a consumer says about itself in Redis. */
export interface Presence extends ProcessIdentity {
  readonly host: string;
  /** When it started, ISO 8601. */
  readonly since: string;
  readonly version: string;
}

const NOBODY: Presence = {
  host: '',
  since: '',
  version: '',
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
      return [name, typeof value === typeof fallback ? value : fallback];
    });
    // Each field has the type of its fallback.
    return Object.fromEntries(fields) as Presence;
  } catch {
    return NOBODY;
  }
}
