import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where images are and results go. */
export interface Store {
  /** Settings of a consumer that uses it. */
  readonly environment: Readonly<Record<string, string>>;
  upload(key: string, bytes: Uint8Array): Promise<void>;
  read(key: string): Promise<Uint8Array>;
  /** Forgets the results of all jobs. */
  clearOutputs(): Promise<void>;
  close(): Promise<void>;
}

/** A folder as bucket. */
export async function openFolderStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-bench-'));
  return {
    environment: { STORAGE_BUCKET: pathToFileURL(folder).href },
    upload: async (key, bytes) => {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
    read: (key) => readFile(join(folder, key)),
    clearOutputs: () => rm(join(folder, 'output'), { recursive: true, force: true }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
