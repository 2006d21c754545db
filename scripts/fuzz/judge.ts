import { KnownError, messageOf } from '../../src/errors.ts';
import { forgetPeakMemory, peakMemory } from './peak-memory.ts';
import { withoutValues } from './without-values.ts';
import type { Target } from './targets/target.ts';

/** What an input led to. */
export interface Verdict {
  /** Two inputs of one behaviour are of no more use than one. */
  readonly behaviour: string;
  /** What must not be, if it is. */
  readonly fault?: string;
}

/** No input may take longer, in CPU time of the thread. */
export const MOST_MS = 1000;
/** Nor more memory; that of the largest image that the limits of the fuzzer allow is a part of it. */
export const MOST_BYTES = 128 * 2 ** 20;

/** Runs a target on an input: it must work on it or refuse it in words, within bounds. */
export async function judge(target: Target, bytes: Uint8Array): Promise<Verdict> {
  forgetPeakMemory();
  const memory = process.memoryUsage.rss();
  const start = process.threadCpuUsage();
  const { behaviour, fault } = await attempt(target, bytes);
  const { user, system } = process.threadCpuUsage(start);
  const ms = (user + system) / 1000;
  const grown = peakMemory() - memory;
  if (fault !== undefined) return { behaviour, fault };
  if (grown > MOST_BYTES) return { behaviour, fault: 'takes more than 128 MiB' };
  if (ms > MOST_MS) return { behaviour, fault: 'takes more than 1 s' };
  return { behaviour };
}

async function attempt(target: Target, bytes: Uint8Array): Promise<Verdict> {
  try {
    return { behaviour: await target.run(bytes) };
  } catch (error) {
    const path = error instanceof Error ? callers(error.stack ?? '') : '';
    const text = withoutValues(messageOf(error));
    if (error instanceof KnownError && error.kind === 'bad_input') {
      return { behaviour: `${error.code} ${text} ${path}` };
    }
    return { behaviour: `fault ${text} ${path}`, fault: `${text} (${path})` };
  }
}

/** The innermost functions of ours, by name. */
function callers(stack: string): string {
  const names = [...stack.matchAll(/at (?:async )?([\w.#]+) \(.*\/src\//g)].map(([, name]) => name);
  return names.slice(0, 4).join('<');
}
