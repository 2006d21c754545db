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
    const isOwn = (key: string): boolean => key.startsWith(`output/${context.job.resultId}`);
    const made = collected.results.map(({ fileName }) => fileName);
    const noted = await removeNoted(isOwn, context);
    // Earlier releases noted no objects: of those only the hashes of children tell, which are no proof.
    const given = noted.removed > 0 ? [] : collected.inputs.filter(isOwn);
    const kept = noted.kept + (await keptOf([...given, ...made], context)).length;
    if (kept > 0) context.warn(`${kept} temporary objects could not be removed; they expire.`);
    return {};
  },
});

/** Removes the objects that the job has noted; what is kept is left to those who look around later. */
async function removeNoted(
  isOwn: (key: string) => boolean,
  context: StageContext,
): Promise<{ readonly removed: number; readonly kept: number }> {
  for (let removed = 0; ;) {
    const some = await context.family.notedObjects();
    const kept = new Set(await keptOf(some.filter(isOwn), context));
    const over = some.filter((key) => !kept.has(key));
    await context.family.forgetObjects(over);
    removed += over.length;
    if (kept.size > 0 || some.length === 0) return { removed, kept: kept.size };
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
