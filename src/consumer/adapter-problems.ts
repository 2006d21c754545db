import { KnownError } from '../errors.ts';
import { openModelServerSecurity } from './open/open-models.ts';
import { readRedisTls } from './open/open-redis.ts';
import { openStorage } from './open/open-storage.ts';
import { ownKernelsOf, requireKernels } from './kernel-problems.ts';
import { openCompute } from './open/open-ports.ts';
import type { Configuration } from './settings/read-settings.ts';

/** What adapters refuse of settings whose form is right, such as a file that is not there. Asks nobody. */
export async function adapterProblems({
  core,
  consumers,
}: Pick<Configuration, 'core' | 'consumers'>): Promise<string[]> {
  const steps = [
    async () => (await openStorage(core, () => {})).close(),
    async () => void (await readRedisTls(core)),
    async () => void (await openModelServerSecurity(core)),
    async () => {
      // Asked for in any case: a thread that cannot load them is found here, before the first job.
      const names = await kernelNames(ownKernelsOf(consumers));
      await requireKernels(consumers, async () => names);
    },
  ];
  const problems = await Promise.all(steps.map((step) => problemOf(step)));
  return problems.flatMap((problem) => problem ?? []);
}

async function kernelNames(ownKernels: readonly URL[]): Promise<readonly string[]> {
  const compute = openCompute({ threads: 1, ownKernels });
  try {
    return await compute.names();
  } finally {
    await compute.close();
  }
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
