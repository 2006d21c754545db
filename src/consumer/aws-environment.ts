import { homedir } from 'node:os';

/** What the Kiosk's charts set where there are no keys. */
const ABSENT = 'NA';

/**
 * Makes the environment one that the SDK of Amazon can read, for it reads it itself: keys that say "NA" are
 * absent, or requests would be signed with them; and there is a home folder to look for its files in, even
 * where the user has none, as in containers with any user id.
 */
export function prepareAwsEnvironment(environment: NodeJS.ProcessEnv = process.env): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    if (environment[name] === ABSENT || environment[name] === '') delete environment[name];
  }
  try {
    homedir();
  } catch {
    environment['HOME'] = '/';
  }
}
