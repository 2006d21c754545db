import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage of this thread when it is called: of the youngest objects only (`minor`), or all. */
export function garbageCollector(type: 'minor' | 'major'): () => void {
  setFlagsFromString('--expose-gc');
  // A context that is made after the flag was set has the function; the flag has no other effect.
  const collect = runInNewContext('gc') as (options: { readonly type: typeof type }) => void;
  return () => collect({ type });
}
