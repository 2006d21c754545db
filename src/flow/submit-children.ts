import type { ChildSpec, Splits } from './family.ts';
import { type Stage, defineStage } from './stage.ts';

const BATCH = 100;
/** Children wait no longer for others of their batch: those of a slow upload would begin together, at its end. */
const BATCH_MS = 1000;

/**
 * The last stage of a split: submits the children as they come, a batch at a time. Leaves how many there are, and notes
 * their keys, which consumers that know no families read.
 */
export const submitChildren: Stage<
  Splits,
  { submitted: number },
  'children' | 'madeFrom' | 'footprint'
> = defineStage({
  name: 'submit_children',
  concurrency: 8,
  needs: ['children'],
  adds: ['submitted'],
  timing: 'children_upload_time',
  frees: ['children', 'madeFrom', 'footprint'],
  footprint: ({ footprint = 0 }: Splits) => footprint,
  run: async ({ children }: Splits, { clock, family, flush, note }) => {
    const keys: string[] = [];
    let place = 0;
    let batch: (ChildSpec & { readonly place: number })[] = [];
    // The first goes at once, so that work begins while the rest is read.
    let submittedAt = -Infinity;
    // What a later run of the split or the join must know of this one, before there is a child to be mixed with others.
    await flush({});
    for await (const child of children) {
      batch.push({ ...child, place: place++ });
      if (batch.length < BATCH && clock.monotonic() < submittedAt + BATCH_MS) continue;
      keys.push(...(await family.submit(batch)));
      batch = [];
      submittedAt = clock.monotonic();
    }
    if (batch.length > 0) keys.push(...(await family.submit(batch)));
    note({ children: keys.join(',') });
    return { submitted: place };
  },
});
