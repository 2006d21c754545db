import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it. One level after the other: where a level cannot be created, as in /proc, Node's
 * own recursion goes on without an end and keeps a thread busy.
 */
export async function makeFolders(path: string): Promise<void> {
  for (const folder of missingFolders(path)) await mkdir(folder).catch(unlessMade);
}

/** Somebody else may have made it meanwhile. */
function unlessMade(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

/** The folders of a path that do not exist, the outermost first. */
function missingFolders(path: string): string[] {
  const folder = resolve(path);
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder];
}
