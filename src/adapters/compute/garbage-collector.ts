import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' | 'major' }) => void;

/** Far more than the threads of a process. */
const MOST_TRIES = 1000;

/** Collects garbage of this thread when it is called: of the youngest objects only (`minor`), or all. */
export function garbageCollector(type: 'minor' | 'major'): () => void {
  const collect = exposedCollector();
  return () => collect({ type });
}

/** Flags belong to the process: another thread may have taken this one back meanwhile, so it is set until it held. */
function exposedCollector(): Collect {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    setFlagsFromString('--expose-gc');
    // A context that is made while the flag is set has the function; the flag has no other effect.
    const collect: unknown = runInNewContext('globalThis.gc');
    // But V8 compiles anew what was compiled under other flags, also Node's own modules: a third of what a later
    // thread costs at its start.
    setFlagsFromString('--no-expose-gc');
    if (typeof collect === 'function') return collect as Collect;
  }
  throw new Error('V8 does not give its garbage collector away.');
}
