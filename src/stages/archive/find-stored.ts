import { classify } from '../../errors.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { Delivered } from '../../flow/workflow.ts';

/** The result of the job, if an earlier run has stored it. */
export interface Stored {
  readonly stored?: Delivered['output'];
}

/**
 * Looks whether an earlier run has stored the result of the job, and ended before the job was settled. The
 * results of its children may be removed by then, so it cannot be made again.
 */
export const findStored = defineStage({
  name: 'find_stored',
  concurrency: 8,
  needs: [],
  adds: ['stored'],
  mayLack: ['stored'],
  run: async (_: object, context): Promise<Stored> => {
    const fileName = `output/${context.job.resultId}.zip`;
    if (!(await isStored(fileName, context))) return {};
    return { stored: { url: context.bucket.publicUrl(fileName), fileName } };
  },
});

/**
 * The stage, which does nothing where the result is stored already. What it adds is missing then: guard those
 * after it too.
 */
export function unlessStored<In, Adds extends object, Frees extends string>(
  stage: Stage<In, Adds, Frees>,
): Stage<In & Stored, Adds, Frees> {
  const { footprint, adds = [] } = stage;
  return {
    ...stage,
    mayLack: adds,
    ...(footprint && {
      footprint: (value, context) => (value.stored ? 0 : footprint(value, context)),
    }),
    run: async (value, context) => {
      // Only guarded stages follow, save for those that need nothing but the output.
      if (value.stored) return { output: value.stored } as unknown as Adds;
      return stage.run(value, context);
    },
  };
}

export async function isStored(
  fileName: string,
  { bucket, moved, persist, signal }: StageContext,
): Promise<boolean> {
  try {
    const range = { start: 0, end: 1 };
    const found = await persist('bucket_read', () => bucket.openRange(fileName, range, signal));
    // A body that nobody reads holds its connection.
    for await (const chunk of found.body) moved('in', chunk.length);
    return true;
  } catch (thrown) {
    const error = classify(thrown);
    if (error.code === 'missing_object') return false;
    throw error;
  }
}
