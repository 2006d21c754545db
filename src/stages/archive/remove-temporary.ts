import { classify } from '../../errors.ts';
import { inOrder } from '../../flow/in-order.ts';
import { type StageContext, defineStage } from '../../flow/stage.ts';
import type { CollectedResults } from './collect-results.ts';
import { tellStored } from './find-stored.ts';

const AT_A_TIME = 16;

/**
 * Removes what the children of a job were given and what they made, once the result of the job is stored.
 * What cannot be removed now expires with the bucket.
 *
 * @example
 * const join = pipeline(collectResults(), mergeResults, removeTemporary);
 */
export const removeTemporary = defineStage({
  name: 'remove_temporary',
  concurrency: 2,
  needs: ['collected'],
  adds: [],
  timing: 'cleanup_time',
  frees: ['collected'],
  run: async ({ collected }: { collected: CollectedResults }, context) => {
    await tellStored(context);
    const made = collected.results.map(({ fileName }) => fileName);
    const kept = (await removeNoted(context)) + (await keptOf(made, context)).length;
    if (kept > 0) context.warn(`${kept} temporary objects could not be removed; they expire.`);
    return {};
  },
});

/** What jobs make for their children has a name that begins so; it may be that of an earlier run. */
const MADE = /^output\/[0-9a-f]{32}[-/]/;

/**
 * Removes the objects that the job has noted; how many could not be removed. Those are left to consumers that
 * look around later.
 */
async function removeNoted(context: StageContext): Promise<number> {
  for (;;) {
    const some = await context.family.notedObjects();
    const made = some.filter((key) => MADE.test(key));
    const kept = new Set(await keptOf(made, context));
    await context.family.forgetObjects(some.filter((key) => !kept.has(key)));
    if (kept.size > 0 || some.length === 0) return kept.size;
  }
}

/** Removes objects; those that could not be removed. */
async function keptOf(keys: readonly string[], context: StageContext): Promise<string[]> {
  const kept: string[] = [];
  const ends = inOrder(keys, AT_A_TIME, async (key) => ({
    key,
    isOver: await isOver(key, context),
  }));
  for await (const { key, isOver: isGone } of ends) if (!isGone) kept.push(key);
  return kept;
}

async function isOver(key: string, { bucket, signal }: StageContext): Promise<boolean> {
  try {
    await bucket.remove(key, signal);
    return true;
  } catch (thrown) {
    if (signal.aborted) throw classify(signal.reason);
    // Nothing was ever put under a key that the bucket refuses.
    return classify(thrown).code === 'forbidden_object';
  }
}
