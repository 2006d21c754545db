import { rmdir } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';

/** Others may remove the same folder again and again, but hardly each time. */
const ATTEMPTS = 10;

/**
 * Removes a folder whose last object is gone, and the empty ones above it: a store has no folders without
 * objects. Those right below the root of the bucket stay. All paths are real ones. Never throws.
 */
export async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let at = folder; relative(root, at).split(sep).length > 1; at = dirname(at)) {
    try {
      // Refuses folders that hold anything.
      await rmdir(at);
    } catch {
      return;
    }
  }
}

/**
 * Does what needs a folder that another process may remove meanwhile because it is empty: then once more.
 * `attempt` makes the folder.
 */
export async function whileFoldersGo<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = ATTEMPTS; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone || left === 1) throw error;
    }
  }
}
