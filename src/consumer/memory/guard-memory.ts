import { garbageCollector } from '../../adapters/compute/garbage-collector.ts';
import type { MemoryLimits } from '../../intake/memory-account.ts';
import { MemoryGuard } from '../../intake/memory-guard.ts';
import type { PermitPool } from '../../intake/permits.ts';
import type { Log } from '../../telemetry/log/log.ts';
import { usedBytes } from './used-bytes.ts';

interface Guarding {
  /** Bytes that the container may take; undefined if nobody limits it. */
  readonly limit: number | undefined;
  readonly permits: () => PermitPool | undefined;
  /** Lets go of memory that is kept only for speed. */
  readonly release: () => void;
  readonly log: Log;
}

const LOOK_MS = 100;
const MIB = 2 ** 20;

/**
 * Watches the memory of this process until `open` is closed, if it has a limit. Returns what the
 * ledger of jobs asks it.
 */
export function guardMemory(
  { limit, permits, release, log }: Guarding,
  open: AsyncDisposableStack,
): Pick<MemoryLimits, 'isTight' | 'makeRoom'> {
  if (limit === undefined) return {};
  const collectAll = garbageCollector('major');
  const guard = new MemoryGuard({
    limitBytes: limit,
    usedBytes,
    collect: () => {
      release();
      collectAll();
    },
    onChange: (isTight) => {
      const amounts = { usedMiB: toMiB(usedBytes()), limitMiB: toMiB(limit) };
      if (isTight)
        log.warn(amounts, 'Memory is nearly full: jobs run one at a time until some is free.');
      else log.info(amounts, 'Memory is free again: jobs run side by side.');
      permits()?.recheck();
    },
  });
  const timer = setInterval(() => guard.look(), LOOK_MS);
  timer.unref();
  open.defer(() => clearInterval(timer));
  return { isTight: () => guard.isTight, makeRoom: (bytes) => guard.makeRoom(bytes) };
}

function toMiB(bytes: number): number {
  return Math.round(bytes / MIB);
}
