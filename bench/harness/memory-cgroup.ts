import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = {
  v2: { folder: '/sys/fs/cgroup', limit: 'memory.max', usage: 'memory.peak' },
  v1: {
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.max_usage_in_bytes',
  },
} as const;

/** A control group of Linux whose processes may take so much memory together, page cache included. */
export interface MemoryCgroup {
  readonly version: 'v1' | 'v2';
  /** The command that runs another one as a member of the group from its first instruction on. */
  command(words: readonly string[]): string[];
  /** Times that the kernel ended a process because of the limit. */
  kills(): number;
  /** The most that was charged to the group, page cache included. */
  peakMiB(): number;
  remove(): void;
}

/** Makes a control group with a memory limit; undefined if this machine or user may not. */
export function openMemoryCgroup(name: string, limitMiB: number): MemoryCgroup | undefined {
  const version = controllerVersion();
  if (version === undefined) return undefined;
  const root = ROOTS[version];
  const folder = join(root.folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, root.limit), String(limitMiB * 2 ** 20));
  } catch {
    return undefined;
  }
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return {
    version,
    command: (words) => [
      'sh',
      '-c',
      'echo $$ > "$0" && exec "$@"',
      join(folder, 'cgroup.procs'),
      ...words,
    ],
    kills: () =>
      Number(
        /oom_kill (\d+)/.exec(read(version === 'v2' ? 'memory.events' : 'memory.oom_control'))?.[1],
      ),
    peakMiB: () => Number(read(root.usage)) / 2 ** 20,
    remove: () => rmdirSync(folder),
  };
}

function controllerVersion(): 'v1' | 'v2' | undefined {
  if (existsSync(join(ROOTS.v1.folder, ROOTS.v1.limit))) return 'v1';
  const controllers = join(ROOTS.v2.folder, 'cgroup.controllers');
  const found = existsSync(controllers) && readFileSync(controllers, 'utf8').includes('memory');
  return found ? 'v2' : undefined;
}
