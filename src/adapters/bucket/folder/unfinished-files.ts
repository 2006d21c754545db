import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Where files are written before they are moved to their place; below the root of a bucket. */
export const UNFINISHED = '.unfinished';

/** What another machine has left is removed after so long: its processes cannot be seen from here. */
const FOREIGN_MS = 86_400_000;
const NAME = /^(.+)\.(\d+)\.[0-9a-f-]{36}\.part$/;

/** A name for a file in work, which says what process works on it. */
export function unfinishedName(): string {
  return `${hostname()}.${process.pid}.${randomUUID()}.part`;
}

/** Removes files whose writers have ended: a process that was killed cannot do it. Never throws. */
export async function removeAbandoned(root: string): Promise<void> {
  const folder = join(root, UNFINISHED);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    if (await isAbandoned(path, name)) await rm(path, { force: true }).catch(() => undefined);
  }
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [, host, pid] = NAME.exec(name) ?? [];
  if (host === hostname()) return !isAlive(Number(pid));
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > FOREIGN_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be asked, but is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
