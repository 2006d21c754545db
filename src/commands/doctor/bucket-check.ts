import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import type { Bucket } from '../../ports.ts';
import { openStorage } from '../../consumer/open/open-storage.ts';
import type { CoreSettings } from '../../consumer/settings/read-settings.ts';
import { type Check, Finding } from './check.ts';

/** Writes, reads and removes a small object where results go. */
export function bucketCheck(core: CoreSettings): Check {
  const warnings: string[] = [];
  return {
    name: 'Bucket',
    trouble: () => warnings.at(-1),
    run: async (signal) => {
      const bucket = await openStorage(core, (message) => warnings.push(message));
      try {
        await leavingNoFolder(bucket.url, () => writeAndRead(bucket, signal));
        return [`${bucket.url} can be written, read and deleted from`, ...warnings].join('; ');
      } finally {
        await bucket.close();
      }
    },
  };
}

/** A folder that only a mistyped STORAGE_BUCKET names would be there for good, and no longer be warned of. */
async function leavingNoFolder(url: string, attempt: () => Promise<void>): Promise<void> {
  const missing = url.startsWith('file:') ? missingFolders(fileURLToPath(url)) : [];
  try {
    await attempt();
  } finally {
    // What somebody else has filled meanwhile stays.
    for (const folder of [...(await foldersIn(missing[0])), ...missing])
      await rmdir(folder).catch(() => undefined);
  }
}

async function foldersIn(folder: string | undefined): Promise<string[]> {
  const names = folder === undefined ? [] : await readdir(folder).catch(() => []);
  return names.map((name) => join(folder ?? '', name));
}

/** A folder and those above it that do not exist, innermost first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}

async function writeAndRead(bucket: Bucket, signal: AbortSignal): Promise<void> {
  const key = `output/doctor-${randomUUID()}.txt`;
  const written = Buffer.from(`Written by doctor as ${key}.\n`);
  const once = async function* (): AsyncGenerator<Uint8Array> {
    yield written;
  };
  await bucket.upload(key, once(), { contentType: 'text/plain', signal });
  try {
    const { body } = await bucket.open(key, signal);
    if (!(await buffer(body)).equals(written)) {
      throw new Finding(
        `${bucket.url} gave back other bytes than were written`,
        'See whether a proxy or a cache is between this machine and the bucket.',
      );
    }
  } finally {
    await bucket.remove(key, signal);
  }
}
