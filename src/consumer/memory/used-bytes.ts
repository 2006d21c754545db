import { readFileSync } from 'node:fs';

/**
 * Memory of this process without the pages of files, which the system gets back by itself; all of it where
 * Linux does not say.
 */
export function usedBytes(): number {
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const lines = [/^RssAnon:\s+(\d+)/m, /^RssShmem:\s+(\d+)/m];
    const kibibytes = lines.reduce((sum, line) => sum + Number(line.exec(status)?.[1]), 0);
    if (Number.isFinite(kibibytes)) return kibibytes * 1024;
  } catch {
    // Not Linux.
  }
  return process.memoryUsage.rss();
}
