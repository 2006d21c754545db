import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage of this thread when it is called: of the youngest objects only (`minor`), or all. */
export function garbageCollector(type: 'minor' | 'major'): () => void {
  setFlagsFromString('--expose-gc');
  // A context that is made after the flag was set has the function; the flag has no other effect.
  const collect = runInNewContext('gc') as (options: { readonly type: typeof type }) => void;
  // But V8 compiles anew what was compiled under other flags, also Node's own modules: a third of what a later
  // thread costs at its start.
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type });
}
