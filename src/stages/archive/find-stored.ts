import type { Job } from '../../job/job.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { Delivered } from '../../flow/workflow.ts';

/** The result of the job, if an earlier run has stored it. */
export interface Stored {
  readonly stored?: Delivered['output'];
}

/** Written before the first of the results of the children is removed, with all that the job had to say. */
const MARK = 'result_stored';

/**
 * Whether an earlier run has stored the result of the job and begun to remove those of its children, so that
 * it cannot be made again. The hash has what that run noted.
 */
export function isStored({ fields }: Job): boolean {
  return fields[MARK] !== undefined;
}

/** Writes that the result is stored, with what there is to say of it: the results of the children may go now. */
export async function tellStored({ job, flush }: StageContext): Promise<void> {
  if (!isStored(job)) await flush({ [MARK]: 1 });
}

/** Where the result of the job is, once there is one. */
export function resultOf({ bucket, job }: StageContext): Delivered['output'] {
  const fileName = `output/${job.resultId}.zip`;
  return { url: bucket.publicUrl(fileName), fileName };
}

/**
 * Tells whether an earlier run has stored the result of the job, removed results of its children, and ended
 * before the job was settled.
 */
export const findStored = defineStage({
  name: 'find_stored',
  concurrency: 8,
  needs: [],
  adds: ['stored'],
  mayLack: ['stored'],
  run: async (_: object, context): Promise<Stored> =>
    isStored(context.job) ? { stored: resultOf(context) } : {},
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
