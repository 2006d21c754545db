import { classify } from '../../errors.ts';
import { inOrder } from '../../flow/in-order.ts';
import { defineStage } from '../../flow/stage.ts';
import type { CollectedResults } from './collect-results.ts';

const AT_A_TIME = 16;

/**
 * Removes what the children of a job were given and what they made, once the result of the job is stored. What cannot be
 * removed now expires with the bucket.
 */
export const removeTemporary = defineStage({
  name: 'remove_temporary',
  concurrency: 2,
  needs: ['collected'],
  adds: [],
  timing: 'cleanup_time',
  frees: ['collected'],
  run: async ({ collected }: { collected: CollectedResults }, { bucket, job, signal, warn }) => {
    const made = collected.results.map(({ fileName }) => fileName);
    // Nothing but what the job has made itself: a hash is no proof of what a child was given.
    const given = collected.inputs.filter((key) => key.startsWith(`output/${job.resultId}`));
    const isRemoved = async (key: string): Promise<boolean> => {
      try {
        await bucket.remove(key, signal);
        return true;
      } catch (thrown) {
        if (signal.aborted) throw classify(signal.reason);
        // Nothing was ever put under a key that the bucket refuses.
        return classify(thrown).code === 'forbidden_object';
      }
    };
    let kept = 0;
    for await (const removed of inOrder([...given, ...made], AT_A_TIME, isRemoved)) {
      if (!removed) kept++;
    }
    if (kept > 0) warn(`${kept} temporary objects could not be removed; they expire.`);
    return {};
  },
});
