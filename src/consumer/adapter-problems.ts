import { KnownError } from '../errors.ts';
import { openModelServerSecurity } from './open-models.ts';
import { openStorage } from './open-storage.ts';
import type { CoreSettings } from './read-settings.ts';

/** What adapters refuse of settings whose form is right, such as a file that is not there. Asks nobody. */
export async function adapterProblems(core: CoreSettings): Promise<string[]> {
  const steps = [
    async () => (await openStorage(core, () => {})).close(),
    async () => void (await openModelServerSecurity(core)),
  ];
  const problems = await Promise.all(steps.map((step) => problemOf(step)));
  return problems.flatMap((problem) => problem ?? []);
}

async function problemOf(step: () => Promise<void>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
}
