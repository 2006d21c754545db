import { classify } from '../../errors.ts';
import { inOrder } from '../../flow/in-order.ts';
import type { Job } from '../../job/job.ts';
import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import type { EndedChild } from '../../ports.ts';
import type { Delivered } from '../../flow/workflow.ts';

/** The result of the job, if an earlier run has stored it. */
export interface Stored {
  readonly stored?: Delivered['output'];
}

/** Written before the first of the results of the children is removed, with all that the job had to say. */
const MARK = 'result_stored';
/** Results that are looked for at a time. */
const AT_A_TIME = 16;

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
 * The result of an earlier run that has begun to remove results of children; undefined if there is none. Redis
 * may have lost that the run said so, with a fail-over: there is a result then, and results of children that
 * are done are missing. What that run had to say is lost too.
 */
export async function earlierResult(
  context: StageContext,
): Promise<Delivered['output'] | undefined> {
  const output = resultOf(context);
  if (isStored(context.job)) return output;
  if (!(await exists(output.fileName, context)) || !(await isRemoved(context))) {
    return undefined;
  }
  context.warn(LOST);
  return output;
}

const LOST =
  'An earlier run made this result, and Redis has lost its end: its warnings are unknown, and which parts have ' +
  'no entries, unless failures names them.';

/**
 * Whether an earlier run has removed results. It removes what children were given before, so that one of these
 * that is left shows that it did not; a result may be missing for other reasons.
 */
async function isRemoved(context: StageContext): Promise<boolean> {
  const given = await context.family.notedObjects();
  const isLeft = (key: string): Promise<boolean> => exists(key, context);
  for await (const left of inOrder(given, AT_A_TIME, isLeft)) if (left) return false;
  if (given.length > 0) return true;
  const results = inOrder(context.family.children(['output_file_name']), AT_A_TIME, isGone);
  async function isGone({ outcome, fields }: EndedChild): Promise<boolean> {
    const fileName = fields['output_file_name'];
    return outcome === 'done' && fileName !== undefined && !(await exists(fileName, context));
  }
  for await (const gone of results) if (gone) return true;
  return false;
}

async function exists(
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
    if (error.code === 'missing_object' || error.code === 'forbidden_object') return false;
    throw error;
  }
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
  run: async (_: object, context): Promise<Stored> => {
    const stored = await earlierResult(context);
    return stored ? { stored } : {};
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
