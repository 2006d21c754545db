import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = {
  v2: {
    folder: '/sys/fs/cgroup',
    limit: 'memory.max',
    usage: 'memory.peak',
    cpu: { folder: '/sys/fs/cgroup', file: 'cpu.max' },
  },
  v1: {
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.max_usage_in_bytes',
    cpu: { folder: '/sys/fs/cgroup/cpu', file: 'cpu.cfs_quota_us' },
  },
} as const;

/** Microseconds in which a quota of processor time counts, unless one says otherwise. */
const PERIOD = 100_000;

/** A control group of Linux whose processes may take so much memory together, page cache included, and so much of the processor. */
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

/** Makes a control group with a memory limit and, if given, a limit of processor cores; undefined where this is not permitted. */
export function openMemoryCgroup(
  name: string,
  limitMiB: number,
  cores?: number,
): MemoryCgroup | undefined {
  const version = controllerVersion();
  if (version === undefined) return undefined;
  const root = ROOTS[version];
  const folder = join(root.folder, name);
  const cpuFolder = join(root.cpu.folder, name);
  const folders = cores === undefined ? [folder] : [...new Set([folder, cpuFolder])];
  try {
    for (const one of folders) mkdirSync(one, { recursive: true });
    if (cores !== undefined) {
      writeFileSync(join(cpuFolder, root.cpu.file), String(Math.round(cores * PERIOD)));
    }
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
      `for group in ${folders.join(' ')}; do echo $$ > "$group/cgroup.procs" || exit 1; done; exec "$@"`,
      'sh',
      ...words,
    ],
    kills: () =>
      Number(
        /oom_kill (\d+)/.exec(read(version === 'v2' ? 'memory.events' : 'memory.oom_control'))?.[1],
      ),
    peakMiB: () => Number(read(root.usage)) / 2 ** 20,
    remove: () => {
      for (const one of folders) rmdirSync(one);
    },
  };
}

function controllerVersion(): 'v1' | 'v2' | undefined {
  if (existsSync(join(ROOTS.v1.folder, ROOTS.v1.limit))) return 'v1';
  const controllers = join(ROOTS.v2.folder, 'cgroup.controllers');
  const found = existsSync(controllers) && readFileSync(controllers, 'utf8').includes('memory');
  return found ? 'v2' : undefined;
}
